package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One direction of a connection: bytes on their way, which come out in order and none before its time. On the node's thread. */
final class Lane {
    /*
     * A piece is due when its delay is over, but never before those in front of it. What is due leaves at once, in the task that put it
     * in; else a timer or whoever removes an obstacle (`hold`, a full exit) drains the lane. `drains` counts the plans for that, so that a
     * timer of an old one finds out.
     */
    private final NodeHost host;
    private final Exit exit;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private @Nullable Runnable end;
    private long lastDueNanos;
    private int bytes;
    private int holds;
    private int drains;
    private boolean draining;

    interface Exit {
        /** Returns how many bytes it took; if that was not all, {@link Lane#drain()} follows when it takes more. */
        int take(byte[] bytes, int offset, int length);
    }

    /** Bytes that stay together. */
    private static final class Piece {
        final byte[] bytes;
        /** Whether what follows waits for another task, so that nobody puts the two together. */
        boolean alone;

        long dueNanos;
        int taken;

        Piece(byte[] bytes, boolean alone, long dueNanos) {
            this.bytes = bytes;
            this.alone = alone;
            this.dueNanos = dueNanos;
        }
    }

    Lane(NodeHost host, Exit exit) {
        this.host = host;
        this.exit = exit;
        lastDueNanos = host.time().nanoTime();
    }

    /** How many bytes are in it. */
    int size() {
        return bytes;
    }

    /** Whether what is put in leaves at once. */
    boolean isFree() {
        return pieces.isEmpty() && holds == 0;
    }

    /** Whether somebody has stopped it. */
    boolean isHeld() {
        return holds > 0;
    }

    /** Puts bytes in, which are the lane's from now on. */
    void put(byte[] more, long delayNanos) {
        add(more, delayNanos, false);
        drain();
    }

    /** Puts bytes in one by one. */
    void putSplit(byte[] more, long delayNanos, long gapNanos) {
        for (int i = 0; i < more.length; i++) {
            add(new byte[] {more[i]}, i == 0 ? delayNanos : 0, true);
            lastDueNanos += gapNanos;
        }
        drain();
    }

    private void add(byte[] more, long delayNanos, boolean alone) {
        if (more.length > 0) {
            lastDueNanos = later(lastDueNanos, host.time().nanoTime() + delayNanos);
            pieces.addLast(new Piece(more, alone, lastDueNanos));
            bytes += more.length;
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    /** Says what is to be done when all that is in it has left. */
    void end(Runnable ending) {
        end = ending;
        drain();
    }

    /** Stops letting anything out, or goes on; each stop must be lifted. */
    void hold(boolean hold) {
        holds += hold ? 1 : -1;
        drain();
    }

    /** Lets everything out now. */
    void hurry() {
        lastDueNanos = host.time().nanoTime();
        for (Piece piece : pieces) {
            piece.dueNanos = lastDueNanos;
            piece.alone = false;
        }
        drain();
    }

    /** Loses everything. */
    void discard() {
        pieces.clear();
        bytes = 0;
        end = null;
    }

    /** Lets out what is due. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        drains++;
        try {
            while (holds == 0 && isDue()) {
                Piece first = pieces.getFirst();
                int taken = exit.take(first.bytes, first.taken, first.bytes.length - first.taken);
                first.taken += taken;
                bytes -= taken;
                if (first.taken < first.bytes.length) {
                    return;
                }
                pieces.pollFirst();
                if (first.alone) {
                    break;
                }
            }
        } finally {
            draining = false;
        }
        planNext();
    }

    private boolean isDue() {
        Piece first = pieces.peekFirst();
        return first != null && first.dueNanos - host.time().nanoTime() <= 0;
    }

    private void planNext() {
        Piece first = pieces.peekFirst();
        if (holds > 0) {
            return;
        }
        if (first != null) {
            int plan = drains;
            long wait = first.dueNanos - host.time().nanoTime();
            host.schedule(Math.max(0, wait), () -> {
                if (plan == drains) {
                    drain();
                }
            });
        } else if (end != null) {
            Runnable ending = end;
            end = null;
            ending.run();
        }
    }
}
