package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.TunedFeed;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.Flow;

/** A feed for any number of subscribers, each with an inbox of its own. */
final class ArrivalPublisher implements Flow.Publisher<Arrival> {
    private final HeldLease lease; // In use for as long as somebody may subscribe.
    private final TunedFeed feed;

    ArrivalPublisher(HeldLease lease, TunedFeed feed) {
        if (feed.isInline()) {
            throw new IllegalArgumentException(
                    "The subscribers of a publisher ask for packets, so they are not given them inline(): subscribe() a listener for that");
        }
        feed.position().ifPresent(lease.handle().host().history()::requireKnown);
        this.lease = lease;
        this.feed = feed;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Arrival> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        LeaseHandle handle = lease.handle();
        try {
            handle.begin(new FlowSubscription(handle, feed, subscriber));
        } finally {
            Reference.reachabilityFence(lease);
        }
    }
}
