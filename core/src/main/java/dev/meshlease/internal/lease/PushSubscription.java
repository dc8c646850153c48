package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Feed;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketListener;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Packets given to a listener, on the lease's lane. At most one drain is on the lane at any time. */
final class PushSubscription extends PacketSubscription implements CallbackLane.Task {
    private static final Logger LOG = LoggerFactory.getLogger(PushSubscription.class);
    private static final int BATCH = 32;

    private final PacketListener listener;
    private final AtomicBoolean onLane = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();

    PushSubscription(LeaseHandle lease, Feed feed, PacketListener listener) {
        super(lease, feed);
        this.listener = listener;
    }

    @Override
    void arrived() {
        if (onLane.compareAndSet(false, true)) {
            lease.lane().execute(this);
        }
    }

    @Override
    public void run() {
        onLane.set(false);
        for (int given = 0; given < BATCH; given++) {
            if (!gate.isOpen()) {
                return;
            }
            Arrival next = unread.poll();
            if (next == null) {
                return;
            }
            give(next);
        }
        arrived(); // Lets the lease's other subscriptions have their turn.
    }

    @Override
    public void rejected() {
        onLane.set(false);
        unread.loseAll();
    }

    private void give(Arrival arrival) {
        if (arrival instanceof InboundPacket packet && !passes(packet)) {
            return;
        }
        if (!gate.isOpen()) { // Again, since the condition was user code too.
            return;
        }
        try {
            if (arrival instanceof InboundPacket packet) {
                listener.onPacket(packet);
            } else if (arrival instanceof Gap gap) {
                listener.onGap(gap);
            }
        } catch (Throwable failure) {
            if (warned.compareAndSet(false, true)) {
                LOG.warn(
                        "{}: its listener failed; it stays registered, and later failures go to DEBUG",
                        lease.label(),
                        failure);
            } else {
                LOG.debug("{}: its listener failed again", lease.label(), failure);
            }
        }
    }
}
