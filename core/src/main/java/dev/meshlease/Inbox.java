package dev.meshlease;

import dev.meshlease.message.Arrival;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A stream that its holder reads at its own pace. One reader at a time sees the packets in the order of the wire; several readers share
 * them.
 */
public interface Inbox extends Subscription {
    /**
     * The next arrival, if there is one. Never waits.
     *
     * @return null if nothing is there
     * @throws LeaseClosedException if the inbox or its lease was closed
     */
    @Nullable
    Arrival poll();

    /**
     * The next arrival.
     *
     * @param patience how long to wait
     * @throws WaitTimeoutException if nothing came
     * @throws WaitInterruptedException if the thread was interrupted; its flag is set again
     * @throws LeaseClosedException if the inbox or its lease was closed, before or during the wait
     */
    Arrival take(Duration patience);
}
