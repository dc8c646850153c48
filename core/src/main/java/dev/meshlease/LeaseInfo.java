package dev.meshlease;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What others may see of a lease.
 *
 * @param number its number, unique in this process
 * @param holder who has it
 * @param since since when
 * @param subscriptions how many subscriptions, inboxes, subscribers and watches are open
 * @param delivered how many packets its holder was given; not those that a {@code where()} of its own refused
 * @param dropped how many packets it lost because an inbox was full
 * @param queued how many packets wait to be read
 * @param oldestUnread for how long the oldest of them has been waiting; empty if none is
 * @param inFlight how many deliveries have not ended
 * @param acquiredFrom the stack that acquired it, if the registry was built with {@link LinkRegistryBuilder#leakStacks}
 */
public record LeaseInfo(
        long number,
        String holder,
        Instant since,
        int subscriptions,
        long delivered,
        long dropped,
        int queued,
        Optional<Duration> oldestUnread,
        int inFlight,
        Optional<Throwable> acquiredFrom) {
    public LeaseInfo {
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(oldestUnread, "oldestUnread");
        Objects.requireNonNull(acquiredFrom, "acquiredFrom");
    }
}
