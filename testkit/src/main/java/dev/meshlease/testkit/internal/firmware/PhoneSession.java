package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The firmware's side of one client's connection, from the accept on. On the node's thread. */
final class PhoneSession implements ClientSession, FrameStream.Owner {
    /*
     * A session that starves has been accepted and forgotten: its bytes pile up, nothing is read, and only the client can end it.
     *
     * A client that has closed its side may still read. A node that notices that answers what it was told before, and ends; one that does
     * not goes on until a write comes back.
     */
    /** At once, but for what the client has sent meanwhile to arrive. */
    private static final long FIRST_POLL_NANOS = Duration.ofMillis(1).toNanos();

    private final Firmware firmware;
    private final String name;
    private final ClientWire wire;
    private final PhoneApi api;
    private final FrameStream stream;

    private boolean starving;
    private boolean ended;
    private boolean broken;
    private boolean closed;
    private long lastContactNanos;

    PhoneSession(Firmware firmware, String name, ClientWire wire) {
        this.firmware = firmware;
        this.name = name;
        this.wire = wire;
        api = new PhoneApi(firmware);
        var manner = new FrameWriter.Manner(
                firmware.nanos(Switch.FRAME_TIME), firmware.nanos(Switch.WRITE_WAIT), firmware.get(Switch.SHORT_WRITE));
        stream = new FrameStream(firmware, () -> wire, manner, this);
    }

    String name() {
        return name;
    }

    /** Begins to serve the client. */
    void start() {
        lastContactNanos = firmware.nanoTime();
        stream.start();
        stream.wake(FIRST_POLL_NANOS);
        if (isLeft()) {
            stream.wake();
        }
    }

    /** Forgets the client, who is not told. */
    void starve() {
        starving = true;
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        if (!closed && !isLeft()) {
            stream.received(bytes, offset, length);
        }
    }

    @Override
    public void writable() {
        stream.writable();
    }

    @Override
    public void ended() {
        ended = true;
        left();
    }

    @Override
    public void broken() {
        broken = true;
        stream.dropUnread();
        if (stream.hasTurn()) {
            close(false); // a write that waits for room fails
        } else {
            left();
        }
    }

    private void left() {
        if (starving) {
            close(false);
        } else if (isLeft()) {
            stream.wake();
        }
    }

    /** Whether the client has gone, as far as the node can tell. */
    private boolean isLeft() {
        return broken || (ended && firmware.is(Switch.END_NOTICED));
    }

    /** Whether the client has gone. */
    boolean isGone() {
        return broken || ended;
    }

    /** Something waits for the client. */
    void news() {
        stream.wake();
    }

    @Override
    public void poll() {
        api.poll();
    }

    @Override
    public void heard(byte[] payload, boolean followed) {
        lastContactNanos = firmware.nanoTime();
        if (api.take(payload)) {
            end(followed);
        }
    }

    @Override
    public byte @Nullable [] nextFrame() {
        boolean telling = api.isTelling();
        ByteString next = api.next();
        if (telling && !api.isTelling()) {
            firmware.witnesses().configured(name);
        }
        return next == null ? null : NodeFraming.frame(next);
    }

    @Override
    public boolean hasMore() {
        return api.isTelling();
    }

    @Override
    public void polled() {
        if (isLeft()) {
            close(false);
        }
    }

    @Override
    public void givenUp() {
        firmware.witnesses().noted(name + " does not read and is given up");
        end();
    }

    /** How long the client may still be silent. */
    long patienceNanos() {
        return lastContactNanos + firmware.nanos(Switch.IDLE_TIMEOUT) - firmware.nanoTime();
    }

    /** The client has been silent for too long. */
    void endIdle() {
        firmware.witnesses().noted(name + " has said nothing for too long");
        end();
    }

    /** Ends the connection in the node's way, and frees its place. */
    void end() {
        end(stream.hasUnread());
    }

    private void end(boolean unread) {
        close(
                switch (firmware.get(Switch.SESSION_END)) {
                    case BY_UNREAD -> unread;
                    case FIN -> false;
                    case RST -> true;
                });
    }

    /** Ends the connection and frees its place. */
    void close(boolean reset) {
        if (!closed) {
            closed = true;
            wire.close(reset);
            over();
        }
    }

    /** Is gone without a word to the client. */
    void vanish() {
        if (!closed) {
            closed = true;
            wire.vanish();
            over();
        }
    }

    private void over() {
        firmware.doors().server().ended(this);
        stream.stop(); // may let others have their turn
    }
}
