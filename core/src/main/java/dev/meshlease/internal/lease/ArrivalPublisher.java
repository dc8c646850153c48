package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.TunedFeed;
import java.util.Objects;
import java.util.concurrent.Flow;

/** A feed for any number of subscribers, each with an inbox of its own. */
final class ArrivalPublisher implements Flow.Publisher<Arrival> {
    private final LeaseHandle lease;
    private final TunedFeed feed;

    ArrivalPublisher(LeaseHandle lease, TunedFeed feed) {
        if (feed.isInline()) {
            throw new IllegalArgumentException(
                    "The subscribers of a publisher ask for packets, so they are not given them inline(): subscribe() a listener for that");
        }
        feed.position().ifPresent(lease.host().history()::requireKnown);
        this.lease = lease;
        this.feed = feed;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Arrival> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        lease.begin(new FlowSubscription(lease, feed, subscriber));
    }
}
