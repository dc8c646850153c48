package dev.meshlease.testkit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One direction of a connection in memory: bytes arrive after a while, in order, and at last the end. */
final class Pipe {
    /*
     * Two places: on the way (tasks on the timeline, all with the same delay, hence in order) and `arrived`, from where `deliver` hands
     * them to the reader, one piece for each task, so that whatever the reader does in answer is done before the next piece.
     * All of it runs on the timeline, whose lock makes it one thread at a time.
     */
    interface Reader {
        /** The array is the reader's during the call only, and wiped afterwards. */
        void read(byte[] bytes);

        /** Bytes have come to a reader that had stopped. On the timeline, not where the reader is at home. */
        void unwanted();
    }

    private static final int LONGEST_CUT = 256;

    private final Timeline timeline;
    private final long latencyNanos;
    private final @Nullable Random cuts;
    private final Executor side;
    private final Reader reader;
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private @Nullable Runnable end;
    private boolean delivering;
    private boolean held;
    private boolean broken;

    /**
     * @param cuts where to cut, or null to leave everything as it was written
     * @param side runs tasks where the reader is at home
     */
    Pipe(Timeline timeline, long latencyNanos, @Nullable Random cuts, Executor side, Reader reader) {
        this.timeline = timeline;
        this.latencyNanos = latencyNanos;
        this.cuts = cuts;
        this.side = side;
        this.reader = reader;
    }

    /** Sends bytes; the array is the pipe's from now on. */
    void send(byte[] bytes) {
        later(() -> {
            if (broken) {
                reader.unwanted();
            } else {
                arrived.add(bytes);
                deliverSoon();
            }
        });
    }

    /** Sends the end, behind all bytes. Not after another end. */
    void end(Runnable whenRead) {
        later(() -> {
            if (!broken) {
                end = whenRead;
                deliverSoon();
            }
        });
    }

    /** Sends the end and loses what is on its way; nothing holds it up. */
    void reset(Runnable whenArrived) {
        discard();
        later(() -> side.execute(whenArrived));
    }

    /** Nothing is read any more. */
    void discard() {
        broken = true;
        end = null;
        arrived.clear();
    }

    /** Stops or resumes reading; what arrives meanwhile is kept. */
    void hold(boolean hold) {
        held = hold;
        deliverSoon();
    }

    private void later(Runnable arrival) {
        timeline.schedule(latencyNanos, null, arrival);
    }

    private void deliverSoon() {
        if (!delivering && !held && (!arrived.isEmpty() || end != null)) {
            delivering = true;
            side.execute(this::deliver);
        }
    }

    private void deliver() {
        delivering = false;
        if (held) {
            return;
        }
        if (!arrived.isEmpty()) {
            byte[] piece = cuts == null ? arrived.remove() : cut(cuts);
            try {
                reader.read(piece);
            } finally {
                Arrays.fill(piece, (byte) 0); // who keeps the buffer is found out
            }
        } else if (end != null) {
            Runnable ending = end;
            discard();
            ending.run();
        }
        deliverSoon();
    }

    private byte[] cut(Random random) {
        int available = arrived.stream().mapToInt(bytes -> bytes.length).sum();
        byte[] piece = new byte[1 + random.nextInt(Math.min(available, LONGEST_CUT))];
        int filled = 0;
        while (filled < piece.length) {
            byte[] first = arrived.remove();
            int taken = Math.min(first.length, piece.length - filled);
            System.arraycopy(first, 0, piece, filled, taken);
            filled += taken;
            if (taken < first.length) {
                arrived.addFirst(Arrays.copyOfRange(first, taken, first.length));
            }
        }
        return piece;
    }
}
