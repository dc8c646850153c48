package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A user's listener, which may throw whatever it likes.
 *
 * <p><b>Threading:</b> one call at a time, on a lane or on the loop.
 */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final PacketSubscription subscription;
    private final PacketListener listener;
    private boolean hasFailed;

    Listener(PacketSubscription subscription, PacketListener listener) {
        this.subscription = subscription;
        this.listener = listener;
    }

    /** Gives what is next in the hand, unless the subscription is closed. */
    void give(Arrival arrival) {
        if (arrival instanceof InboundPacket asked && !subscription.passes(asked)) {
            subscription.unread.passOver();
            return;
        }
        if (!subscription.unread.hand().start()) {
            return;
        }
        try {
            if (arrival instanceof InboundPacket packet) {
                listener.onPacket(packet);
            } else if (arrival instanceof Gap gap) {
                listener.onGap(gap);
            }
        } catch (Throwable failure) {
            String label = subscription.lease.label();
            if (!hasFailed) {
                hasFailed = true;
                LOG.warn(
                        "{}: its listener failed; it stays registered, and later failures go to DEBUG", label, failure);
            } else {
                LOG.debug("{}: its listener failed again", label, failure);
            }
        }
    }
}
