package dev.meshlease.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.meshlease.spi.Loop;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is still to run, by time, and by the order of asking within one instant. Safe from any thread. */
final class Agenda {
    @GuardedBy("this")
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();

    @GuardedBy("this")
    private long sequence;

    /**
     * @param dueNanos when, on the timeline
     * @param loop the loop it runs on, or null if on none
     */
    synchronized Entry add(long dueNanos, @Nullable VirtualLoop loop, Runnable task) {
        var entry = new Entry(dueNanos, sequence++, loop, task);
        entries.add(entry);
        return entry;
    }

    /** Takes the first entry if it is due. */
    synchronized @Nullable Entry takeDue(long nowNanos) {
        Entry first = entries.peek();
        return first != null && first.dueNanos <= nowNanos ? entries.remove() : null;
    }

    /** When the first entry is due, at the latest {@code limitNanos}. */
    synchronized long nextDue(long limitNanos) {
        Entry first = entries.peek();
        return first == null ? limitNanos : Math.min(first.dueNanos, limitNanos);
    }

    private synchronized void remove(Entry entry) {
        entries.remove(entry);
    }

    /** One thing to run. Identity, not equality, tells entries apart. */
    final class Entry implements Comparable<Entry>, Loop.Timer {
        private final long dueNanos;
        private final long order;
        final @Nullable VirtualLoop loop;
        final Runnable task;

        private Entry(long dueNanos, long order, @Nullable VirtualLoop loop, Runnable task) {
            this.dueNanos = dueNanos;
            this.order = order;
            this.loop = loop;
            this.task = task;
        }

        @Override
        public void cancel() {
            remove(this);
        }

        @Override
        @SuppressWarnings("ComparableAndEquals")
        public int compareTo(Entry other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
