package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The firmware's side of one client's connection, from the kernel's handshake on.
 *
 * <p>Before {@link #start()} (the firmware's accept) bytes only pile up. Afterwards polls run when there is something to do: a poll first
 * handles all frames that are there, then writes all it has, as firmware does. That order is visible: of two {@code want_config_id} in one
 * write only the second is answered.
 *
 * <p>After the client's end the bytes it left are still handled, then the slot is free.
 */
public final class PhoneSession implements ClientSession {
    /** From 240 bytes on a real node cannot decode the frame; 233 to 239 it decodes and refuses as too large. */
    private static final int MAX_DATA_PAYLOAD = 239;

    private static final long STAYS_ACTIVE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int HEARTBEAT_ANNOUNCE = 1;

    private final Firmware firmware;
    private final String name;
    private final ClientWire wire;
    private final NodeFraming framing = new NodeFraming();
    private final SendLimits limits = new SendLimits();

    private byte[] unread = new byte[0];
    private boolean started;
    private boolean gone;
    private boolean closed;

    private boolean pollScheduled;
    private boolean everRead;
    private long lastReadNanos;
    private long lastContactNanos;

    private @Nullable StateDump dump;
    private boolean heartbeatUnanswered;

    PhoneSession(Firmware firmware, String name, ClientWire wire) {
        this.firmware = firmware;
        this.name = name;
        this.wire = wire;
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        if (closed || gone || length == 0) {
            return;
        }
        firmware.witnesses().received(name, bytes, offset, length);
        byte[] joined = new byte[unread.length + length];
        System.arraycopy(unread, 0, joined, 0, unread.length);
        System.arraycopy(bytes, offset, joined, unread.length, length);
        unread = joined;
        wake();
    }

    @Override
    public void ended() {
        if (gone || closed) {
            return;
        }
        gone = true;
        firmware.witnesses().ended(name, Witness.End.BY_CLIENT);
        wake();
    }

    @Override
    public void writable() {
        wake();
    }

    void start() {
        started = true;
        lastContactNanos = firmware.nanoTime();
        if (firmware.nanos(Switch.IDLE_TIMEOUT) > 0) {
            checkIdle();
        }
        if (unread.length > 0 || gone) {
            wake();
        }
    }

    String name() {
        return name;
    }

    boolean isGone() {
        return gone;
    }

    boolean hasUnread() {
        return unread.length > 0;
    }

    /** Something waits for the client, or came from it. */
    void wake() {
        if (!started || closed || pollScheduled) {
            return;
        }
        pollScheduled = true;
        firmware.host().schedule(untilNextPollNanos(), this::poll);
    }

    private long untilNextPollNanos() {
        boolean active = everRead && firmware.nanoTime() - lastReadNanos < STAYS_ACTIVE_NANOS;
        long activePoll = firmware.nanos(Switch.ACTIVE_POLL);
        long idle = firmware.nanos(Switch.IDLE_POLL);
        return active || idle <= activePoll ? activePoll : firmware.random().nextLong(idle);
    }

    private void poll() {
        pollScheduled = false;
        if (closed) {
            return;
        }
        readAll();
        if (closed) {
            return;
        }
        writeAll();
        if (gone) {
            close(false);
        }
    }

    private void readAll() {
        byte[] bytes = unread;
        unread = new byte[0];
        if (bytes.length > 0) {
            everRead = true;
            lastReadNanos = firmware.nanoTime();
        }
        for (int i = 0; i < bytes.length; i++) {
            byte[] payload = framing.take(bytes[i]);
            if (payload != null && dispatch(payload)) {
                close(i + 1 < bytes.length);
                return;
            }
        }
    }

    /** Handles one frame; returns whether the client said goodbye. */
    private boolean dispatch(byte[] payload) {
        lastContactNanos = firmware.nanoTime();
        ToRadio message;
        try {
            message = ToRadio.parseFrom(payload);
        } catch (InvalidProtocolBufferException malformed) {
            firmware.counters().undecodable++;
            return false;
        }
        switch (message.getPayloadVariantCase()) {
            case PACKET -> {
                if (message.getPacket().getDecoded().getPayload().size() > MAX_DATA_PAYLOAD) {
                    firmware.counters().undecodable++;
                } else {
                    firmware.fromClient(message.getPacket(), limits);
                }
            }
            case WANT_CONFIG_ID -> dump = firmware.state().dump(message.getWantConfigId(), dump);
            case HEARTBEAT -> {
                if (message.getHeartbeat().getNonce() == HEARTBEAT_ANNOUNCE) {
                    firmware.announce();
                } else {
                    heartbeatUnanswered = true;
                }
            }
            case DISCONNECT -> {
                return message.getDisconnect();
            }
            default -> {
                // file transfer and the MQTT proxy: nothing answers in this node
            }
        }
        return false;
    }

    private void writeAll() {
        if (heartbeatUnanswered) {
            heartbeatUnanswered = false;
            write(FromRadio.newBuilder()
                    .setQueueStatus(firmware.radio().status(0, 0))
                    .build()
                    .toByteArray());
        }
        if (dump == null) {
            return;
        }
        for (ByteString frame = dump.next(); frame != null; frame = dump.next()) {
            write(frame.toByteArray());
        }
        for (ByteString frame = nextAfterDump(dump); frame != null; frame = nextAfterDump(dump)) {
            write(frame.toByteArray());
        }
    }

    private @Nullable ByteString nextAfterDump(StateDump done) {
        FromRadio live = firmware.phone().poll();
        return live == null ? done.nextRepeat() : live.toByteString();
    }

    private void write(byte[] payload) {
        byte[] frame = NodeFraming.frame(payload);
        firmware.witnesses().sent(name, frame, 0, frame.length);
        wire.write(frame, 0, frame.length);
    }

    private void checkIdle() {
        long left = lastContactNanos + firmware.nanos(Switch.IDLE_TIMEOUT) - firmware.nanoTime();
        if (closed) {
            return;
        }
        if (left <= 0) {
            close(hasUnread());
        } else {
            firmware.host().schedule(left, this::checkIdle);
        }
    }

    /** Ends the connection and frees the slot. */
    void close(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        if (!gone) {
            firmware.witnesses().ended(name, reset ? Witness.End.RST : Witness.End.FIN);
        }
        wire.close(reset);
        firmware.ended(this);
    }

    /** The node has stopped existing for the client, which is not told. */
    void vanish() {
        if (closed) {
            return;
        }
        closed = true;
        if (!gone) {
            firmware.witnesses().ended(name, Witness.End.SILENT);
        }
        wire.vanish();
        firmware.ended(this);
    }
}
