package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.node.Switch;
import org.jspecify.annotations.Nullable;

/**
 * What the node and one client say to each other, whatever carries it. It says nothing but answers to heartbeats before the client asks
 * for the node's state; once that is told it gives away what waits for clients. On the node's thread.
 */
final class PhoneApi {
    /** What the decoder's buffer for 233 bytes really holds; one with more is no message. */
    private static final int MAX_DATA_PAYLOAD = 234;

    private static final int HEARTBEAT_ANNOUNCE = 1;

    private final Firmware firmware;
    private final SendLimits limits;
    private @Nullable StateDump dump;
    private int dumpFramesLeft;

    PhoneApi(Firmware firmware) {
        this.firmware = firmware;
        limits = new SendLimits(firmware.profile().behaviour());
    }

    /** Handles one frame; returns whether the client said goodbye. */
    boolean take(byte[] payload) {
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
                    firmware.router().client().take(message.getPacket(), limits);
                }
            }
            case WANT_CONFIG_ID -> dump = firmware.state().dump(message.getWantConfigId(), dump);
            case HEARTBEAT -> beat(message.getHeartbeat().getNonce());
            case DISCONNECT -> {
                return true;
            }
            default -> {
                // file transfer and the MQTT proxy: nothing answers in this node
            }
        }
        return false;
    }

    private void beat(int nonce) {
        if (nonce == HEARTBEAT_ANNOUNCE && firmware.is(Switch.HEARTBEAT_ANNOUNCES)) {
            firmware.router().introduction().announce();
        } else if (firmware.is(Switch.HEARTBEAT_ANSWERED)) {
            firmware.doors().heartbeat();
        }
    }

    /** Begins a poll, at which only so much of the state is told. */
    void poll() {
        int limit = firmware.get(Switch.DUMP_FRAMES_PER_POLL);
        dumpFramesLeft = limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /** Whether another poll has something to say even if nothing happens meanwhile. */
    boolean isTelling() {
        return dump != null && !dump.isComplete();
    }

    /** Whether the client has asked for the node's state, and not yet left. */
    boolean isOpen() {
        return dump != null;
    }

    /** The next message, in the node's order of urgency, or null if there is none for now. What fits no frame is left out. */
    @Nullable
    ByteString next() {
        ByteString next = nextOfAnySize();
        while (next != null && next.size() > NodeFraming.MAX_PAYLOAD) {
            firmware.witnesses().noted("a message of " + next.size() + " bytes fits no frame and is left out");
            next = nextOfAnySize();
        }
        return next;
    }

    private @Nullable ByteString nextOfAnySize() {
        if (firmware.doors().takeHeartbeat()) {
            return FromRadio.newBuilder()
                    .setQueueStatus(firmware.router().radio().status(0, 0))
                    .build()
                    .toByteString();
        }
        if (dump == null) {
            return null;
        }
        if (dump.isComplete()) {
            FromRadio live = firmware.phone().poll();
            return live == null ? dump.nextRepeat() : live.toByteString();
        }
        return dumpFramesLeft-- > 0 ? dump.next() : null;
    }

    /** Says nothing any more until the client asks again. The ids of the client's packets are remembered, when they came is not. */
    void close() {
        dump = null;
        limits.forgetTimes();
    }
}
