package dev.meshlease.internal.registry;

import dev.meshlease.spi.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands tasks to the library's callback threads. What comes from the loop while it {@linkplain #hold holds} goes together at its end: each
 * task that finds the threads asleep wakes one, which costs more than the task. What finds no thread at all is tried again, with what comes
 * next or a moment later.
 *
 * <p><b>Threading:</b> {@link #execute} from any thread, and it neither blocks nor throws; the rest on the loop.
 */
final class Dispatcher implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Executor threads;
    private final Loop loop;
    private final List<Runnable> held = new ArrayList<>(); // Loop only, as is the next.
    private boolean holding;
    private final Queue<Runnable> refused = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean retrying = new AtomicBoolean();

    Dispatcher(Executor threads, Loop loop) {
        this.threads = threads;
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        if (loop.isOwner() && holding) {
            held.add(task);
        } else {
            give(task);
        }
    }

    /** Keeps what comes from the loop from now on. */
    void hold() {
        holding = true;
    }

    /** Hands over what was kept. */
    void release() {
        holding = false;
        held.forEach(this::give);
        held.clear();
    }

    private void give(Runnable task) {
        boolean areTaken = giveRefused();
        if (!takes(task) || !areTaken) {
            retryLater();
        }
    }

    /** What was refused goes first; tells whether all of it was taken. */
    private boolean giveRefused() {
        for (Runnable before = refused.poll(); before != null; before = refused.poll()) {
            if (!takes(before)) {
                return false;
            }
        }
        return true;
    }

    private boolean takes(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RuntimeException | Error noThread) {
            // Not the loop's fault, which has other leases to serve.
            refused.add(task);
            LOG.error("Callbacks found no thread; they wait for one", noThread);
            return false;
        }
    }

    private void retryLater() {
        if (retrying.compareAndSet(false, true)) {
            try {
                loop.execute(() -> loop.schedule(RETRY_NANOS, this::retry));
            } catch (RejectedExecutionException ended) {
                // With the loop nothing comes any more.
            }
        }
    }

    private void retry() {
        retrying.set(false);
        if (!giveRefused()) {
            retryLater();
        }
    }
}
