package dev.meshlease.internal.loop;

import dev.meshlease.spi.Loop;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, in order of their deadlines, then of their making. Times are nanoseconds since an origin that the caller
 * chooses, never negative.
 *
 * <p><b>Threading:</b> on the loop only.
 */
final class TimerHeap {
    private static final int TOO_FEW_TO_SWEEP = 64;

    /*
     * Cancelling only marks an entry and drops its task; the entry leaves the heap when it comes to the top, or in a sweep once most
     * entries are dead. So cancelling costs O(1), amortised, and a thousand cancelled timeouts of five minutes do not pile up.
     */
    private final PriorityQueue<Entry> heap = new PriorityQueue<>();
    private int cancelled;
    private long made;

    Loop.Timer add(long deadlineNanos, Runnable task) {
        var entry = new Entry(deadlineNanos, made++, task);
        heap.add(entry);
        return entry;
    }

    /** Hands out what is due; what this adds, due or not, is left for the next time. */
    void takeDue(long nowNanos, Consumer<Runnable> run) {
        long limit = made;
        for (Entry top = heap.peek();
                top != null && top.deadlineNanos <= nowNanos && top.number < limit;
                top = heap.peek()) {
            heap.remove();
            Runnable task = top.task;
            top.task = null;
            if (task == null) {
                cancelled--;
            } else {
                run.accept(task);
            }
        }
    }

    /** Nanoseconds until the next timer is due, zero if it is; -1 if there is none. */
    long untilNext(long nowNanos) {
        for (Entry top = heap.peek(); top != null; top = heap.peek()) {
            if (top.task != null) {
                return Math.max(0, top.deadlineNanos - nowNanos);
            }
            heap.remove();
            cancelled--;
        }
        return -1;
    }

    /** How many entries the heap holds, dead ones included. */
    int size() {
        return heap.size();
    }

    private final class Entry implements Loop.Timer, Comparable<Entry> {
        final long deadlineNanos;
        final long number;

        /** Null once it has run or was cancelled. */
        @Nullable
        Runnable task;

        Entry(long deadlineNanos, long number, Runnable task) {
            this.deadlineNanos = deadlineNanos;
            this.number = number;
            this.task = task;
        }

        @Override
        public void cancel() {
            if (task == null) {
                return;
            }
            task = null;
            if (++cancelled > TOO_FEW_TO_SWEEP && cancelled > heap.size() / 2) {
                heap.removeIf(entry -> entry.task == null);
                cancelled = 0;
            }
        }

        @Override
        public int compareTo(Entry other) {
            int byDeadline = Long.compare(deadlineNanos, other.deadlineNanos);
            return byDeadline != 0 ? byDeadline : Long.compare(number, other.number);
        }
    }
}
