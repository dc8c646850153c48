package dev.meshlease.internal.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the registries that are open when the JVM ends, all at the same time.
 *
 * <p>There is one hook for all of them, and none while none is open: so a copy of the library whose registries are closed is not kept in
 * memory.
 */
final class AtExit {
    private static final Logger LOG = LoggerFactory.getLogger(AtExit.class);
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Set<Registry> OPEN = new LinkedHashSet<>(); // Guarded by this class.
    private static @Nullable Thread hook; // Likewise.

    private AtExit() {}

    /** Has the registry closed, unless it {@linkplain #forget was} before. */
    static synchronized void close(Registry registry) {
        if (OPEN.isEmpty()) {
            Thread thread = new Thread(null, AtExit::closeAll, "meshlease-exit", 0, false);
            try {
                Runtime.getRuntime().addShutdownHook(thread);
            } catch (IllegalStateException tooLate) {
                LOG.debug("The JVM is ending already: who makes a registry now closes it, or it just ends");
                return;
            }
            hook = thread;
        }
        OPEN.add(registry);
    }

    /** The registry is closed, if it was ever known here. */
    static synchronized void forget(Registry registry) {
        OPEN.remove(registry);
        if (OPEN.isEmpty() && hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException running) {
                LOG.trace("The JVM is ending", running);
            }
            hook = null;
        }
    }

    private static void closeAll() {
        List<CompletableFuture<Void>> ends =
                open().stream().map(AtExit::closing).toList();
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                    .get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException late) {
            long left = ends.stream().filter(end -> !end.isDone()).count();
            LOG.warn("{} of the registries did not close within {}; the JVM ends regardless", left, LIMIT);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized List<Registry> open() {
        return new ArrayList<>(OPEN);
    }

    /** One that was being closed already is waited for like the others. */
    private static CompletableFuture<Void> closing(Registry registry) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Runnable close = () -> {
            try {
                registry.close();
            } finally {
                end.complete(null);
            }
        };
        Thread thread = new Thread(null, close, "meshlease-exit-close", 0, false);
        thread.setDaemon(true);
        thread.start();
        return end;
    }
}
