package dev.meshlease.internal.lease;

import dev.meshlease.Endpoint;
import dev.meshlease.Pending;
import dev.meshlease.spi.Loop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one implementation of waiting. Ends once; whoever ends it first wins.
 *
 * <p>Blocking waits are released by the loop, futures are completed on the lease's callbacks: a wait never needs the callback executor.
 */
public final class PendingValue<T> implements Pending<T> {
    /** What a pending value needs of its lease. */
    record Context(Loop loop, Executor callbacks, Endpoint endpoint, String holder, Supplier<String> situation) {}

    private record Outcome<T>(@Nullable T value, @Nullable RuntimeException failure) {}

    /** A future of the value, finished in some way. */
    private record Copy<T, R>(CompletableFuture<R> future, Function<? super T, ? extends R> finish) {
        @SuppressWarnings("NullAway") // As in await.
        void complete(Outcome<T> end) {
            if (end.failure() != null) {
                future.completeExceptionally(end.failure());
                return;
            }
            try {
                future.complete(finish.apply(end.value()));
            } catch (Throwable failure) {
                future.completeExceptionally(failure);
            }
        }
    }

    private static final VarHandle OUTCOME = handle("outcome", Outcome.class);
    private static final VarHandle FUTURES = handle("futures", Queue.class);

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(PendingValue.class, field, type);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Context context;
    private final String what;
    // A lease has one of these for as long as it lasts, and each delivery some: so they are made of little.
    private volatile @Nullable Outcome<T> outcome;
    private volatile @Nullable Queue<Copy<T, ?>> futures; // Null as long as there never was one.

    /**
     * @param what for messages: "the link to be ready"
     */
    PendingValue(Context context, String what) {
        this.context = context;
        this.what = what;
    }

    public boolean complete(@Nullable T value) {
        return end(new Outcome<>(value, null));
    }

    public boolean fail(RuntimeException failure) {
        return end(new Outcome<>(null, failure));
    }

    @Override
    public boolean isDone() {
        return outcome != null;
    }

    @Override
    public boolean cancel() {
        return fail(cancelled());
    }

    private CancellationException cancelled() {
        return new CancellationException("Cancelled: " + what);
    }

    @Override
    public T await(Duration patience) {
        return await(patience, () -> false);
    }

    /** Waits for the end, or until this one wait is given up. */
    @SuppressWarnings("NullAway") // T itself says whether null is a value: it is for Pending<Void> only.
    T await(Duration patience, BooleanSupplier givenUp) {
        Waits.await(
                context.loop(),
                () -> isDone() || givenUp.getAsBoolean(),
                patience,
                context.endpoint(),
                context.holder(),
                this::waited);
        Outcome<T> end = outcome;
        if (end == null) {
            throw cancelled();
        }
        if (end.failure() != null) {
            throw end.failure();
        }
        return end.value();
    }

    private String waited(Duration patience) {
        return "Waited " + patience + " for " + what + "; "
                + context.situation().get();
    }

    @Override
    public CompletableFuture<T> future() {
        return future(value -> value);
    }

    /** A future of the value finished in some way, which is done on the callbacks too: it may be the user's code. */
    <R> CompletableFuture<R> future(Function<? super T, ? extends R> finish) {
        CompletableFuture<R> copy = new CompletableFuture<>();
        futures().add(new Copy<>(copy, finish));
        if (isDone()) {
            completeFutures();
        }
        return copy;
    }

    private Queue<Copy<T, ?>> futures() {
        Queue<Copy<T, ?>> known = futures;
        if (known == null) {
            FUTURES.compareAndSet(this, null, new ConcurrentLinkedQueue<Copy<T, ?>>());
            known = futures;
        }
        return Objects.requireNonNull(known);
    }

    /** The futures by which it is waited for at this moment. */
    CompletableFuture<?>[] awaiting() {
        Queue<Copy<T, ?>> known = futures;
        return known == null
                ? new CompletableFuture<?>[0]
                : known.stream()
                        .map(Copy::future)
                        .filter(copy -> !copy.isDone())
                        .toArray(CompletableFuture<?>[]::new);
    }

    private boolean end(Outcome<T> end) {
        boolean first = OUTCOME.compareAndSet(this, null, end);
        if (first) {
            completeFutures();
            wakeWaiters();
        }
        return first;
    }

    private void completeFutures() {
        Outcome<T> end = outcome;
        Queue<Copy<T, ?>> waiting = futures;
        if (end == null || waiting == null) {
            return;
        }
        // Each copy is taken out of the queue by exactly one of the threads that may be here.
        for (Copy<T, ?> copy = waiting.poll(); copy != null; copy = waiting.poll()) {
            Copy<T, ?> next = copy;
            context.callbacks().execute(() -> next.complete(end));
        }
    }

    /** Waiters are released by the loop after each turn; so an end that does not come from the loop needs one. */
    void wakeWaiters() {
        if (!context.loop().isOwner()) {
            try {
                context.loop().execute(() -> {});
            } catch (RejectedExecutionException closed) {
                // A loop that has ended has released everybody.
            }
        }
    }
}
