package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.testkit.node.Switch;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Frames from and to one client, as firmware works on them: in polls. On the node's thread. */
final class FrameStream implements FrameWriter.Owner {
    /*
     * A poll is a turn (see Turns): it handles all frames that are there, then writes all that is to be said, which may take its time. That
     * order is visible: of two `want_config_id` in one write only the second is answered.
     *
     * Firmware polls at once when it has accepted a client, every few milliseconds while that has sent something lately, and else now and
     * then. Here polls run only when there is something to do, but no sooner than the next of the firmware's would.
     */
    private static final long STAYS_ACTIVE_NANOS = Duration.ofSeconds(2).toNanos();
    /** What is kept unread; beyond it the client's bytes wait in the connection. */
    private static final int UNREAD_BYTES = 64 * 1024;

    private final Firmware firmware;
    private final Supplier<ClientWire> wire;
    private final Owner owner;
    private final NodeFraming framing;
    private final FrameWriter writer;
    private final boolean discards;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

    private boolean running;
    private boolean pollScheduled;
    private boolean hasTurn;
    private boolean paused;
    private boolean everRead;
    private long lastReadNanos;
    private long lastPollNanos;

    interface Owner {
        /** A poll begins to write. */
        void poll();

        /**
         * Handles a frame.
         *
         * @param followed whether there are bytes behind it
         */
        void heard(byte[] payload, boolean followed);

        /** What is to be written next, or null if there is nothing. */
        byte @Nullable [] nextFrame();

        /** Whether the next poll has something to write even if nothing happens meanwhile. */
        boolean hasMore();

        /** A poll is over. */
        void polled();

        /** The client takes too little, and the connection is to be ended. */
        void givenUp();
    }

    FrameStream(Firmware firmware, Supplier<ClientWire> wire, FrameWriter.Manner manner, Owner owner) {
        this.firmware = firmware;
        this.wire = wire;
        this.owner = owner;
        framing = new NodeFraming(firmware.is(Switch.RESYNC));
        discards = firmware.is(Switch.UNREAD_DISCARDED);
        writer = new FrameWriter(firmware.host(), wire, manner, this);
    }

    /** Begins to poll when there is something to do; before that bytes only pile up. */
    void start() {
        running = true;
        lastPollNanos = firmware.nanoTime();
    }

    /** Ends for good. */
    void stop() {
        running = false;
        writer.stop();
        unread.reset();
        endTurn();
    }

    void received(byte[] bytes, int offset, int length) {
        unread.write(bytes, offset, length);
        pause(unread.size() >= UNREAD_BYTES);
        wake();
    }

    void writable() {
        if (writer.writable()) {
            wake();
        }
    }

    boolean hasUnread() {
        return unread.size() > 0;
    }

    void dropUnread() {
        unread.reset();
        pause(false);
    }

    /** Whether it is in the middle of a poll, and waits. */
    boolean hasTurn() {
        return hasTurn;
    }

    private void pause(boolean pause) {
        if (paused != pause) {
            paused = pause;
            wire.get().pause(pause);
        }
    }

    /** Something waits for the client, or came from it: has it seen to at the next look. */
    void wake() {
        wake(untilNextPollNanos());
    }

    private long untilNextPollNanos() {
        long now = firmware.nanoTime();
        long quietNanos = lastReadNanos + STAYS_ACTIVE_NANOS;
        long activePoll = firmware.nanos(Switch.ACTIVE_POLL);
        long idlePoll = firmware.nanos(Switch.IDLE_POLL);
        boolean isQuiet = !everRead || now - quietNanos >= 0;
        if (!isQuiet || owner.hasMore() || idlePoll <= activePoll) {
            return activePoll - (now - lastPollNanos) % activePoll;
        }
        long sinceNanos = now - lastPollNanos;
        return idlePoll - (everRead ? Math.min(sinceNanos, now - quietNanos) : sinceNanos) % idlePoll;
    }

    /** The same, after so long. */
    void wake(long nanos) {
        if (running && !pollScheduled) {
            pollScheduled = true;
            firmware.host().schedule(nanos, () -> firmware.doors().turns().ask(this::poll));
        }
    }

    private void poll() {
        hasTurn = true;
        pollScheduled = false;
        lastPollNanos = firmware.nanoTime();
        boolean thrown = true;
        try {
            readAll();
            if (running) {
                owner.poll();
                writer.start();
            } else {
                endTurn();
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
        dropUnread();
        if (bytes.length > 0) {
            everRead = true;
            lastReadNanos = firmware.nanoTime();
        }
        for (int i = 0; i < bytes.length && running; i++) {
            byte[] payload = framing.take(bytes[i]);
            if (payload != null) {
                owner.heard(payload, i + 1 < bytes.length);
            }
        }
    }

    @Override
    public byte @Nullable [] nextFrame() {
        return owner.nextFrame();
    }

    @Override
    public void frameWritten() {
        if (discards) {
            dropUnread();
        }
    }

    @Override
    public void written() {
        endTurn();
        if (running) {
            owner.polled();
        }
        if (running && owner.hasMore()) {
            wake();
        }
    }

    @Override
    public void givenUp() {
        owner.givenUp();
    }
}
