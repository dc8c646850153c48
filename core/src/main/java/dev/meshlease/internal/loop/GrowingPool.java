package dev.meshlease.internal.loop;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon thread per running task and none when idle, so that a task that blocks holds up no other. At the cap it warns once, and
 * further tasks wait for a thread; none is lost.
 *
 * <p><b>Threading:</b> safe from any thread; {@link #execute} neither blocks nor runs the task on the caller.
 */
final class GrowingPool implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(GrowingPool.class);
    private static final long KEEP_ALIVE_SECONDS = 1;

    /*
     * A ThreadPoolExecutor asks its queue first and starts a thread only if the queue refuses. This queue refuses unless a thread is
     * waiting for a task at this moment, so the pool grows before anything queues. At the cap the pool rejects, and only then the task
     * is really put into the queue.
     *
     * Nothing strands there: a thread that ends looks at the queue once more after it has left the pool. Only if the last thread was
     * gone before the task went in, nobody looks; saturated() asks for that.
     */
    private final HandOver queue = new HandOver();
    private final ThreadPoolExecutor pool;
    private final AtomicBoolean alarmed = new AtomicBoolean();
    private final AtomicLong threads = new AtomicLong();
    private final String alarm;

    /**
     * @param threadPrefix the threads' name, up to their number
     * @param cap the most threads at a time
     * @param alarm what to warn of, once, when the cap is reached
     */
    GrowingPool(String threadPrefix, int cap, String alarm) {
        this.alarm = alarm;
        pool = new ThreadPoolExecutor(
                0,
                cap,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                queue,
                task -> newThread(threadPrefix, task),
                (task, full) -> saturated(task));
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        try {
            pool.execute(task);
        } catch (OutOfMemoryError e) {
            // What the JVM throws when the system grants no more threads: the same as a cap, if there are threads at
            // all.
            if (pool.getPoolSize() == 0) {
                throw e;
            }
            saturated(task);
        }
    }

    /** How many threads there are now. */
    int size() {
        return pool.getPoolSize();
    }

    private void saturated(Runnable task) {
        if (alarmed.compareAndSet(false, true)) {
            LOG.warn("{} ({} threads)", alarm, pool.getPoolSize());
        }
        queue.put(task);
        if (pool.getPoolSize() == 0 && queue.remove(task)) {
            execute(task);
        }
    }

    private Thread newThread(String prefix, Runnable work) {
        var thread = new Thread(work, prefix + threads.incrementAndGet());
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((at, error) -> LOG.error("A task failed on {}", at.getName(), error));
        return thread;
    }

    private static final class HandOver extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }
    }
}
