package dev.meshlease.internal.machine;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock file that is ours, and the note beside it.
 *
 * <p><b>Threading:</b> the methods of {@link Claim} on the loop; files on helper threads, one at a time under this object's monitor, which
 * the loop never takes.
 */
final class HeldClaim implements Claim {
    private static final Logger LOG = LoggerFactory.getLogger(HeldClaim.class);

    /** How often it is looked whether somebody, such as a cleaner of {@code /tmp}, has deleted the file: then others do not meet the lock. */
    private static final long LOOK_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LinkKey key;
    private final LockFile lock;
    private final HolderNotes notes;
    private final ClaimListener listener;
    private final Executor helpers;
    private final Loop loop;
    private final Runnable afterwards;
    private final AtomicReference<@Nullable ClaimHolder> unwritten = new AtomicReference<>();
    private final AtomicBoolean releasing = new AtomicBoolean();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private Loop.@Nullable Timer nextLook; // Loop only.
    private boolean closed; // Guarded by this.

    /** @param afterwards when the file is closed */
    HeldClaim(
            LinkKey key,
            LockFile lock,
            HolderNotes notes,
            ClaimListener listener,
            Executor helpers,
            Loop loop,
            Runnable afterwards) {
        this.key = key;
        this.lock = lock;
        this.notes = notes;
        this.listener = listener;
        this.helpers = helpers;
        this.loop = loop;
        this.afterwards = afterwards;
    }

    /** On a helper thread. */
    void begin(ClaimHolder self) {
        write(self);
        lookLater();
    }

    @Override
    public void describe(ClaimHolder self) {
        if (unwritten.getAndSet(self) == null && !isHelped(this::writeLast)) {
            unwritten.set(null); // The next change is written again.
        }
    }

    /** On one helper thread at a time: it stays until it has written the last, so that none waits here for another. */
    private void writeLast() {
        ClaimHolder last = unwritten.get();
        while (last != null) {
            write(last);
            last = unwritten.compareAndSet(last, null) ? null : unwritten.get();
        }
    }

    /** False if no helper thread is to be had. */
    private boolean isHelped(Runnable task) {
        try {
            helpers.execute(task);
            return true;
        } catch (RuntimeException | Error noThread) {
            LOG.debug("{}: no thread for its lock file", key, noThread);
            return false;
        }
    }

    private synchronized void write(ClaimHolder self) {
        if (closed) {
            return;
        }
        try {
            notes.write(key, self);
        } catch (IOException | RuntimeException failure) {
            LOG.debug("{}: who holds the claim could not be written down", key, failure); // The lock is what counts.
        }
    }

    private void lookLater() {
        onLoop(() -> {
            if (!releasing.get()) {
                nextLook = loop.schedule(LOOK_NANOS, () -> {
                    if (!isHelped(this::look)) {
                        lookLater();
                    }
                });
            }
        });
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            LOG.trace("The registry is closed", ended);
        }
    }

    void look() {
        if (releasing.get()) {
            return;
        }
        try {
            if (lock.isInPlace()) {
                lookLater();
                return;
            }
        } catch (IOException | RuntimeException unknown) {
            LOG.debug("{}: its lock file cannot be looked at", key, unknown);
            lookLater();
            return;
        }
        if (!releasing.get()) {
            listener.lost("somebody has deleted its lock file").whenComplete((nothing, failure) -> release());
        }
    }

    @Override
    public CompletionStage<Void> release() {
        if (releasing.compareAndSet(false, true)) {
            onLoop(() -> {
                if (nextLook != null) {
                    nextLook.cancel();
                }
            });
            if (!isHelped(this::end)) {
                end(); // A moment's work here, against a lock that stays until this program ends.
            }
        }
        return released;
    }

    private synchronized void end() {
        closed = true;
        try {
            if (lock.isInPlace()) {
                notes.delete(); // While the lock says that it is ours; else it may be another program's already.
            }
        } catch (IOException | RuntimeException failure) {
            LOG.debug("{}: who held the claim stays written down", key, failure);
        }
        try {
            lock.close();
        } catch (IOException | RuntimeException failure) {
            LOG.warn("{}: its lock file could not be closed", key, failure);
        } finally {
            afterwards.run();
            released.complete(null);
        }
    }
}
