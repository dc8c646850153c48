package dev.meshlease.spi;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * The one thread that owns all state of a registry's links.
 *
 * <p>In production it is a thread around a {@link java.nio.channels.Selector}; under virtual time it is stepped by whoever waits.
 *
 * <p><b>Threading:</b> each method says where it may be called.
 */
public interface Loop extends Executor, AutoCloseable {
    /**
     * Runs a task on the loop. From any thread; tasks from one thread run in the order given.
     *
     * @throws java.util.concurrent.RejectedExecutionException after {@link #close()}
     */
    @Override
    void execute(Runnable task);

    /** Whether the caller is the loop. From any thread. */
    boolean isOwner();

    /**
     * Watches a channel for readiness. Loop only.
     *
     * @param channel a channel in non-blocking mode
     * @param onReady called on the loop with the ready operations (see {@link java.nio.channels.SelectionKey})
     * @return the registration, interested in nothing yet
     * @throws IOException if the channel is closed, or this loop cannot watch channels (virtual time)
     */
    ChannelReadiness register(SelectableChannel channel, IntConsumer onReady) throws IOException;

    /**
     * Runs a task on the loop after a delay. Loop only.
     *
     * @param delayNanos nanoseconds from now; zero or less means as soon as possible
     * @param task what to run
     * @return the timer, which can be cancelled on the loop
     */
    Timer schedule(long delayNanos, Runnable task);

    /**
     * Waits until a condition holds. From any thread but the loop. Every blocking wait of the library goes through here: virtual time
     * steps the loop inside it, so that a wait needs no real time.
     *
     * @param done the condition; quick, without side effects, safe from any thread. Whatever makes it true runs on the loop, or is
     *     followed by a task on the loop
     * @param timeoutNanos how long to wait at the most, in nanoseconds
     * @return whether the condition holds
     * @throws InterruptedException if the waiting thread was interrupted
     * @throws IllegalStateException on the loop, where a wait would never end
     */
    boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException;

    /** Ends the loop after the tasks given so far; its timers do not run any more. From any thread; does not wait; idempotent. */
    @Override
    void close();

    /** A channel's place in the loop. Loop only. */
    interface ChannelReadiness {
        /** Sets the operations to watch for, as in {@link java.nio.channels.SelectionKey#interestOps(int)}. */
        void interest(int operations);

        /** Ends the watch. Idempotent. */
        void cancel();
    }

    /** A scheduled task. Loop only. */
    interface Timer {
        /** Keeps the task from running, if it has not run yet. Idempotent. */
        void cancel();
    }
}
