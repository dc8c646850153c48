package dev.meshlease.internal.lease;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the callbacks of one lease one at a time, in order. Holds a thread only while one runs.
 *
 * <p>A user's executor may reject, block or run the task in place, so it is called from a dispatcher thread of the library, never from
 * the loop. What it rejects is lost for this lease only, and counted.
 */
final class CallbackLane implements Executor {
    /** A task that can say what it means to be rejected. A plain one (completing a future) is run by the library itself then. */
    interface Task extends Runnable {
        void rejected();
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallbackLane.class);
    private static final int BATCH = 64;

    private final Supplier<String> owner;
    private final Executor dispatcher;
    private final Executor target;
    private final Runnable drain = this::drain; // Made once: lanes are run at every packet.
    private final Runnable turn;
    private final Queue<Runnable> tasks = new ArrayDeque<>(1); // Guarded by itself, with `scheduled`; a leaf.
    private boolean scheduled;
    private boolean warned;

    /**
     * @param owner for the log
     * @param dispatcher the library's own executor, which refuses nothing
     * @param target where callbacks run; the same as {@code dispatcher} unless a user gave one
     */
    CallbackLane(Supplier<String> owner, Executor dispatcher, Executor target) {
        this.owner = owner;
        this.dispatcher = dispatcher;
        this.target = target;
        this.turn = dispatcher.equals(target) ? drain : this::handOver;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        dispatcher.execute(turn);
    }

    private void handOver() {
        try {
            target.execute(drain);
        } catch (Throwable rejected) {
            if (!warned) { // One hand-over at a time.
                warned = true;
                LOG.warn(
                        "{}: its callback executor refuses work; what it refuses is lost for this lease",
                        owner.get(),
                        rejected);
            }
            for (Runnable task = next(); task != null; task = next()) {
                if (task instanceof Task rejectable) {
                    rejectable.rejected();
                } else {
                    run(task);
                }
            }
        }
    }

    private void drain() {
        for (int ran = 0; ran < BATCH; ran++) {
            Runnable task = next();
            if (task == null) {
                return;
            }
            run(task);
        }
        dispatcher.execute(turn); // Other lanes have their turn.
    }

    /** The next task; null if there is none, and then the lane rests. */
    private @Nullable Runnable next() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            scheduled = task != null;
            return task;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) { // Also a checked one: Kotlin, for instance, declares none.
            LOG.warn("{}: a callback failed", owner.get(), failure);
        }
    }
}
