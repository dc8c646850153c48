package dev.meshlease;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Something that takes time. Two clocks: the operation has its own deadline, {@link #await} only the caller's patience.
 *
 * <p><b>Threading:</b> safe from any thread. {@code await} works inside callbacks too: it never needs the callback executor.
 *
 * @param <T> what it comes to
 */
public interface Pending<T> {
    /**
     * Waits.
     *
     * @param patience how long this caller waits; the operation goes on afterwards
     * @return the value
     * @throws MeshleaseException what the operation failed with
     * @throws WaitTimeoutException if patience ran out first
     * @throws WaitInterruptedException if the thread was interrupted; its flag is set again
     */
    T await(Duration patience);

    /**
     * A future of the same outcome, completed on the lease's callback executor. Each call gives a copy: completing or cancelling it
     * does nothing to the operation.
     */
    CompletableFuture<T> future();

    /** Whether it came to an end, good or bad. */
    boolean isDone();

    /**
     * Gives the operation up, if that is still possible.
     *
     * @return false when it is too late
     */
    boolean cancel();
}
