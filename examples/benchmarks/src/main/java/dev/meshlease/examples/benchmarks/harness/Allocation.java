package dev.meshlease.examples.benchmarks.harness;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** How many bytes threads have allocated since this was made. */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final boolean all;
    private final long before;

    private Allocation(boolean all) {
        this.all = all;
        this.before = now();
    }

    /** Of the thread that asks. */
    public static Allocation ofThisThread() {
        return new Allocation(false);
    }

    /** Of all threads that live at both ends. */
    public static Allocation ofAllThreads() {
        return new Allocation(true);
    }

    /** So far. */
    public long bytes() {
        return now() - before;
    }

    private long now() {
        return all
                ? Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                        .filter(bytes -> bytes > 0)
                        .sum()
                : THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
