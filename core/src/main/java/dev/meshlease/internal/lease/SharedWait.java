package dev.meshlease.internal.lease;

import dev.meshlease.Pending;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One caller's part in a wait that others share. Giving it up is the caller's own affair; and asking again and again leaves nothing
 * behind, however long the wait lasts.
 */
final class SharedWait<T> implements Pending<T> {
    private final PendingValue<T> whole;
    private final @Nullable HeldLease held;
    private final AtomicBoolean givenUp = new AtomicBoolean();
    private final Queue<CompletableFuture<T>> futures = new ConcurrentLinkedQueue<>();

    SharedWait(PendingValue<T> whole) {
        this(whole, null);
    }

    /**
     * @param held what counts as in use for as long as somebody has this or waits here
     */
    SharedWait(PendingValue<T> whole, @Nullable HeldLease held) {
        this.whole = whole;
        this.held = held;
    }

    @Override
    public T await(Duration patience) {
        try {
            return whole.await(patience, givenUp::get);
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    @Override
    public CompletableFuture<T> future() {
        CompletableFuture<T> copy = whole.future();
        futures.add(copy);
        if (givenUp.get()) {
            copy.cancel(false);
        }
        return copy;
    }

    @Override
    public boolean isDone() {
        return givenUp.get() || whole.isDone();
    }

    @Override
    public boolean cancel() {
        if (whole.isDone() || !givenUp.compareAndSet(false, true)) {
            return false;
        }
        futures.forEach(copy -> copy.cancel(false));
        whole.wakeWaiters();
        return true;
    }
}
