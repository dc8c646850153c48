package dev.meshlease.internal.lease;

import dev.meshlease.DeliveryEvent;
import dev.meshlease.LeaseInfo;
import dev.meshlease.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a lease has open: subscriptions, inboxes, subscribers and watches; and what was counted of those that are closed.
 *
 * <p><b>Threading:</b> from any thread.
 */
final class Subscriptions {
    private final List<Subscription> open = new CopyOnWriteArrayList<>(); // Few, and often there are none.
    private long deliveredBefore; // Guarded by this, like the next; a leaf.
    private long droppedBefore;

    void add(Subscription subscription) {
        open.add(subscription);
    }

    void remove(PacketSubscription subscription) {
        if (open.remove(subscription)) {
            synchronized (this) {
                deliveredBefore += subscription.unread.delivered();
                droppedBefore += subscription.unread.dropped();
            }
        }
    }

    void remove(WatchSubscription<?> watch) {
        open.remove(watch);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    void close() {
        open.forEach(Subscription::close);
    }

    void closeAllButWatches() {
        open.stream().filter(each -> !(each instanceof WatchSubscription)).forEach(Subscription::close);
    }

    /** On the loop. */
    void stepped(DeliveryEvent event) {
        for (Subscription subscription : open) {
            if (subscription instanceof Sink sink) {
                sink.delivery(event);
            }
        }
    }

    /** What others may see of the lease. */
    LeaseInfo info(LeaseHandle lease) {
        long delivered;
        long dropped;
        synchronized (this) {
            delivered = deliveredBefore;
            dropped = droppedBefore;
        }
        int queued = 0;
        int count = 0;
        Instant oldest = null;
        for (Subscription subscription : open) {
            count++;
            if (subscription instanceof PacketSubscription packets) {
                delivered += packets.unread.delivered();
                dropped += packets.unread.dropped();
                queued += packets.unread.size();
                oldest = earlier(oldest, packets.unread.oldest());
            }
        }
        Instant now = lease.host().time().instant();
        return new LeaseInfo(
                lease.number(),
                lease.holder(),
                lease.since(),
                count,
                delivered,
                dropped,
                queued,
                Optional.ofNullable(oldest).map(at -> Duration.between(at, now)),
                lease.uses().inFlight(),
                Optional.ofNullable(lease.uses().acquiredFrom()));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }
}
