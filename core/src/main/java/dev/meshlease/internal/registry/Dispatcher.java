package dev.meshlease.internal.registry;

import dev.meshlease.spi.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands tasks to the library's callback threads. What comes from the loop while it {@linkplain #hold holds} goes together at its end: each
 * task that finds the threads asleep wakes one, which costs more than the task. What finds no thread at all waits for the next hand-over.
 *
 * <p><b>Threading:</b> {@link #execute} from any thread, and it neither blocks nor throws; the rest on the loop.
 */
final class Dispatcher implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Executor threads;
    private final Loop loop;
    private final List<Runnable> held = new ArrayList<>(); // Loop only, as is the next.
    private boolean holding;
    private final Queue<Runnable> refused = new ConcurrentLinkedQueue<>();

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
        for (Runnable before = refused.poll(); before != null; before = refused.poll()) {
            if (!takes(before)) {
                break;
            }
        }
        takes(task);
    }

    private boolean takes(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RuntimeException | Error noThread) {
            // Not the loop's fault, which has other leases to serve.
            refused.add(task);
            LOG.error("Callbacks found no thread; they wait for the next that come", noThread);
            return false;
        }
    }
}
