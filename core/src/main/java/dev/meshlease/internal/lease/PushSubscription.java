package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.PacketListener;
import dev.meshlease.message.TunedFeed;
import java.util.concurrent.atomic.AtomicBoolean;

/** Packets given to a listener, on the lease's lane or one of its own. At most one drain is on the lane at any time. */
final class PushSubscription extends PacketSubscription implements CallbackLane.Task {
    private static final int BATCH = 128;

    private final Listener listener;
    private final CallbackLane lane;
    private final AtomicBoolean onLane = new AtomicBoolean();

    PushSubscription(LeaseHandle lease, TunedFeed feed, PacketListener listener) {
        super(lease, feed);
        this.listener = new Listener(this, listener);
        this.lane = lease.lane(feed);
    }

    @Override
    void arrived() {
        if (onLane.compareAndSet(false, true)) {
            lane.execute(this);
        }
    }

    @Override
    public void run() {
        onLane.set(false);
        for (int given = 0; given < BATCH || unread.hand().next() != null; given++) {
            Arrival next = next(Long.MAX_VALUE);
            if (next == null) {
                return;
            }
            listener.give(next);
        }
        arrived(); // Lets the lease's other subscriptions have their turn.
    }

    @Override
    public void rejected() {
        onLane.set(false);
        unread.loseAll();
    }
}
