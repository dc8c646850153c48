package dev.meshlease.examples.benchmarks.harness;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** How many bytes threads have allocated since this was made. */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final boolean all;
    private final Map<Long, Long> before = new HashMap<>();

    private Allocation(boolean all) {
        this.all = all;
        now((thread, bytes) -> before.put(thread, bytes));
    }

    /** Of the thread that asks. */
    public static Allocation ofThisThread() {
        return new Allocation(false);
    }

    /** Of all threads that live now, those that were started meanwhile included. What ended meanwhile is not counted at all. */
    public static Allocation ofAllThreads() {
        return new Allocation(true);
    }

    /** So far. */
    public long bytes() {
        long[] sum = {0};
        now((thread, bytes) -> sum[0] += bytes - before.getOrDefault(thread, 0L));
        return sum[0];
    }

    private void now(BiConsumer<Long, Long> each) {
        long[] threads = all
                ? THREADS.getAllThreadIds()
                : new long[] {Thread.currentThread().getId()};
        long[] bytes = THREADS.getThreadAllocatedBytes(threads);
        for (int i = 0; i < threads.length; i++) {
            if (bytes[i] >= 0) { // Else it has ended between the two calls.
                each.accept(threads[i], bytes[i]);
            }
        }
    }
}
