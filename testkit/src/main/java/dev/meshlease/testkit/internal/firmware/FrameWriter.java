package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.testkit.node.ShortWrite;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes frame after frame to a client, in the time that takes, and knows what to do when the client does not read. */
final class FrameWriter {
    /*
     * A run writes what the owner has, frame by frame, and ends with one call of the owner's `written` or `givenUp`. In the middle it may
     * wait: between two frames (a frame takes its time), or for room. `waits` counts these pauses, so that a timer of one that is over
     * finds out. A frame that was not taken whole stays in `frame`; kept beyond the run (RETAIN) it is the first of the next.
     */
    private final NodeHost host;
    private final Supplier<ClientWire> wire;
    private final Owner owner;
    private final Manner manner;

    private byte @Nullable [] frame;
    private int taken;
    private boolean active;
    private boolean blocked;
    private int waits;

    /**
     * How it writes.
     *
     * @param frameNanos how long a frame takes
     * @param patienceNanos how long it waits for room; counted anew whenever something was taken
     * @param shortWrite what happens afterwards
     */
    record Manner(long frameNanos, long patienceNanos, ShortWrite shortWrite) {}

    interface Owner {
        /** What is to be written next, or null if there is nothing. */
        byte @Nullable [] nextFrame();

        /** A frame has gone out whole. */
        void frameWritten();

        /** Nothing more can be written for the time being. */
        void written();

        /** The client takes too little, and the connection is to be ended. */
        void givenUp();
    }

    FrameWriter(NodeHost host, Supplier<ClientWire> wire, Manner manner, Owner owner) {
        this.host = host;
        this.wire = wire;
        this.manner = manner;
        this.owner = owner;
    }

    void start() {
        active = true;
        goOn();
    }

    /** There is room again. Returns whether somebody waits for a run to be started. */
    boolean writable() {
        if (blocked) {
            goOn();
            return false;
        }
        return !active && frame != null;
    }

    /** Forgets what it is at; the owner is not called any more. */
    void stop() {
        active = false;
        blocked = false;
        frame = null;
        waits++;
    }

    private void goOn() {
        boolean thrown = true;
        try {
            writeAll();
            thrown = false;
        } finally {
            if (thrown) {
                stop();
                owner.written();
            }
        }
    }

    private void writeAll() {
        blocked = false;
        waits++;
        while (active) {
            if (frame == null) {
                frame = owner.nextFrame();
                taken = 0;
            }
            if (frame == null) {
                active = false;
                owner.written();
                return;
            }
            int count = wire.get().write(frame, taken, frame.length - taken);
            taken += count;
            if (taken < frame.length) {
                if (manner.patienceNanos() > 0) {
                    blocked = true;
                    after(manner.patienceNanos(), this::impatient);
                    return;
                }
                comesUpShort();
            } else {
                frame = null;
                owner.frameWritten();
                if (active && manner.frameNanos() > 0) {
                    after(manner.frameNanos(), this::goOn);
                    return;
                }
            }
        }
    }

    private void after(long nanos, Runnable next) {
        int wait = waits;
        host.schedule(nanos, () -> {
            if (wait == waits) {
                next.run();
            }
        });
    }

    private void impatient() {
        comesUpShort();
        if (active) {
            goOn();
        }
    }

    private void comesUpShort() {
        boolean nothing = taken == 0;
        if (manner.shortWrite() == ShortWrite.RETAIN) {
            active = false;
            blocked = false;
            owner.written();
        } else {
            frame = null;
            if (nothing || manner.shortWrite() == ShortWrite.CLOSE) {
                stop();
                owner.givenUp();
            }
        }
    }
}
