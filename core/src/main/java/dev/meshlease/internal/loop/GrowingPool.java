package dev.meshlease.internal.loop;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As many daemon threads as there are tasks that block, and none when idle: a task that blocks holds up no other, and tasks that do not
 * block share few threads. At the cap it warns once, and further tasks wait for a thread; none is lost.
 *
 * <p><b>Threading:</b> safe from any thread; {@link #execute} neither blocks nor runs the task on the caller.
 */
final class GrowingPool implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(GrowingPool.class);
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /*
     * While there are tasks, somebody is on the way to them: one thread at a time is summoned, woken or new. When it arrives it takes a
     * task, and before it runs that, it has the next one summoned if there are tasks left. So a hundred short tasks at once cost two or
     * three wake-ups, not a hundred, since whoever is done looks for more; and if the first one blocks, the second is not held up by it.
     *
     * All fields are guarded by the monitor of `tasks`, a leaf.
     */
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int threads;
    private int idle;
    private boolean summoned;
    private long started;

    private final long keepAliveNanos;
    private final String prefix;
    private final int cap;
    private final String alarm;
    private final AtomicBoolean alarmed = new AtomicBoolean();

    /**
     * @param threadPrefix the threads' name, up to their number
     * @param cap the most threads at a time
     * @param alarm what to warn of, once, when the cap is reached
     */
    GrowingPool(String threadPrefix, int cap, String alarm) {
        this(threadPrefix, cap, alarm, KEEP_ALIVE_NANOS);
    }

    /**
     * The same, with an impatience of its own.
     *
     * @param keepAliveNanos how long a thread waits for a task before it ends
     */
    GrowingPool(String threadPrefix, int cap, String alarm, long keepAliveNanos) {
        this.keepAliveNanos = keepAliveNanos;
        this.prefix = threadPrefix;
        this.cap = cap;
        this.alarm = alarm;
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        boolean isServed;
        synchronized (tasks) {
            tasks.add(task);
            isServed = summon();
        }
        if (!isServed && alarmed.compareAndSet(false, true)) {
            LOG.warn("{} ({} threads)", alarm, size());
        }
    }

    /** How many threads there are now. */
    int size() {
        synchronized (tasks) {
            return threads;
        }
    }

    /** Has somebody come for the tasks, if nobody is on the way; false if all threads there may be are busy. */
    private boolean summon() {
        if (summoned || tasks.isEmpty()) {
            return true;
        }
        if (idle > 0) {
            summoned = true;
            tasks.notify();
            return true;
        }
        return threads < cap && start();
    }

    private boolean start() {
        Thread thread = new Thread(this::work, prefix + (started + 1));
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (
                OutOfMemoryError
                        none) { // What the JVM throws when the system grants no more threads: the same as a cap,
            if (threads == 0) { // if there are threads at all.
                tasks.removeLast();
                throw none;
            }
            return false;
        }
        started++;
        threads++;
        summoned = true;
        return true;
    }

    private void work() {
        for (Runnable task = next(true); task != null; task = next(false)) {
            try {
                task.run();
            } catch (Throwable failure) {
                LOG.error("A task failed on {}", Thread.currentThread().getName(), failure);
            }
        }
    }

    /** A task, waited for; null if the thread has become superfluous. */
    private @Nullable Runnable next(boolean arrives) {
        synchronized (tasks) {
            boolean arrived = arrives;
            long since = System.nanoTime();
            while (tasks.isEmpty()) {
                if (arrived) {
                    summoned = false; // Others were faster.
                }
                long left = keepAliveNanos - (System.nanoTime() - since);
                if (left <= 0) {
                    threads--;
                    return null;
                }
                idle++;
                pause(left);
                idle--;
                arrived = true;
            }
            if (arrived) {
                summoned = false;
            }
            Runnable task = tasks.remove();
            summon();
            return task;
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Its caller loops.
    private void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(tasks, nanos);
        } catch (InterruptedException leftover) {
            // Of the task before: the thread is not anybody's to interrupt.
        }
    }
}
