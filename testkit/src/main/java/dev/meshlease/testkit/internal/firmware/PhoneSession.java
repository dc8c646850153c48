package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.testkit.node.Switch;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The firmware's side of one client's connection, from the accept on. On the node's thread. */
final class PhoneSession implements ClientSession, FrameWriter.Owner {
    /*
     * Polls run when there is something to do. A poll is a turn (see Turns): it handles all frames that are there, then writes all it has,
     * which may take its time. That order is visible: of two `want_config_id` in one write only the second is answered.
     *
     * A session that starves has been accepted and forgotten: its bytes pile up, nothing is read, and only the client can end it.
     */
    private static final long STAYS_ACTIVE_NANOS = Duration.ofSeconds(2).toNanos();
    /** What is kept unread; beyond it the client's bytes wait in the connection. */
    private static final int UNREAD_BYTES = 64 * 1024;

    private final Firmware firmware;
    private final String name;
    private final ClientWire wire;
    private final NodeFraming framing;
    private final PhoneApi api;
    private final FrameWriter writer;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

    private boolean started;
    private boolean starving;
    private boolean pollScheduled;
    private boolean hasTurn;
    private boolean paused;
    private boolean ended;
    private boolean broken;
    private boolean closed;
    private boolean everRead;
    private long lastReadNanos;
    private long lastContactNanos;

    PhoneSession(Firmware firmware, String name, ClientWire wire) {
        this.firmware = firmware;
        this.name = name;
        this.wire = wire;
        framing = new NodeFraming(firmware.is(Switch.RESYNC));
        api = new PhoneApi(firmware);
        var manner = new FrameWriter.Manner(
                firmware.nanos(Switch.FRAME_TIME), firmware.nanos(Switch.WRITE_WAIT), firmware.get(Switch.SHORT_WRITE));
        writer = new FrameWriter(firmware.host(), () -> wire, manner, this);
    }

    String name() {
        return name;
    }

    /** Begins to serve the client. */
    void start() {
        started = true;
        lastContactNanos = firmware.nanoTime();
        if (firmware.nanos(Switch.IDLE_TIMEOUT) > 0) {
            checkIdle();
        }
        if (unread.size() > 0 || isLeft()) {
            wake();
        }
    }

    /** Forgets the client, who is not told. */
    void starve() {
        starving = true;
        if (isLeft()) {
            close(false);
        }
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        if (closed || isLeft()) {
            return;
        }
        unread.write(bytes, offset, length);
        pause(unread.size() >= UNREAD_BYTES);
        wake();
    }

    private void pause(boolean pause) {
        if (paused != pause) {
            paused = pause;
            wire.pause(pause);
        }
    }

    @Override
    public void writable() {
        if (writer.writable()) {
            wake();
        }
    }

    @Override
    public void ended() {
        ended = true;
        left();
    }

    @Override
    public void broken() {
        broken = true;
        unread.reset();
        if (hasTurn) {
            close(false); // a write that waits for room fails
        } else {
            left();
        }
    }

    private void left() {
        if (starving) {
            close(false);
        } else if (isLeft()) {
            wake();
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

    /** Something waits for the client, or came from it. */
    void wake() {
        if (started && !closed && !pollScheduled) {
            pollScheduled = true;
            firmware.host()
                    .schedule(
                            untilNextPollNanos(), () -> firmware.doors().turns().ask(this::poll));
        }
    }

    private long untilNextPollNanos() {
        boolean active = everRead && firmware.nanoTime() - lastReadNanos < STAYS_ACTIVE_NANOS;
        long activePoll = firmware.nanos(Switch.ACTIVE_POLL);
        long idle = firmware.nanos(Switch.IDLE_POLL);
        return active || api.isTelling() || idle <= activePoll
                ? activePoll
                : firmware.random().nextLong(idle);
    }

    private void poll() {
        hasTurn = true;
        pollScheduled = false;
        boolean thrown = true;
        try {
            if (!closed) {
                readAll();
            }
            if (closed) {
                endTurn();
            } else {
                api.poll();
                writer.start();
            }
            thrown = false;
        } finally {
            if (thrown) {
                endTurn();
            }
        }
    }

    private void endTurn() {
        if (hasTurn) {
            hasTurn = false;
            firmware.doors().turns().over();
        }
    }

    private void readAll() {
        byte[] bytes = unread.toByteArray();
        unread.reset();
        pause(false);
        if (bytes.length > 0) {
            everRead = true;
            lastReadNanos = firmware.nanoTime();
        }
        for (int i = 0; i < bytes.length; i++) {
            byte[] payload = framing.take(bytes[i]);
            if (payload != null) {
                lastContactNanos = firmware.nanoTime();
                if (api.take(payload)) {
                    end(i + 1 < bytes.length);
                    return;
                }
            }
        }
    }

    @Override
    public byte @Nullable [] nextFrame() {
        ByteString next = api.next();
        return next == null ? null : NodeFraming.frame(next.toByteArray());
    }

    @Override
    public void frameWritten() {
        if (firmware.is(Switch.UNREAD_DISCARDED)) {
            unread.reset();
            pause(false);
        }
    }

    @Override
    public void written() {
        endTurn();
        if (closed) {
            return;
        }
        if (isLeft()) {
            close(false);
        } else if (api.isTelling()) {
            wake();
        }
    }

    @Override
    public void givenUp() {
        firmware.witnesses().noted(name + " does not read and is given up");
        end();
    }

    private void checkIdle() {
        if (closed) {
            return;
        }
        long left = lastContactNanos + firmware.nanos(Switch.IDLE_TIMEOUT) - firmware.nanoTime();
        if (left <= 0) {
            firmware.witnesses().noted(name + " has said nothing for too long");
            end();
        } else {
            firmware.host().schedule(left, this::checkIdle);
        }
    }

    /** Ends the connection in the node's way, and frees its place. */
    void end() {
        end(unread.size() > 0);
    }

    private void end(boolean unreadBytes) {
        close(
                switch (firmware.get(Switch.SESSION_END)) {
                    case BY_UNREAD -> unreadBytes;
                    case FIN -> false;
                    case RST -> true;
                });
    }

    /** Ends the connection and frees its place. */
    void close(boolean reset) {
        if (!closed) {
            over();
            wire.close(reset);
        }
    }

    /** Is gone without a word to the client. */
    void vanish() {
        if (!closed) {
            over();
            wire.vanish();
        }
    }

    private void over() {
        closed = true;
        writer.stop();
        unread.reset();
        firmware.doors().server().ended(this);
        endTurn();
    }
}
