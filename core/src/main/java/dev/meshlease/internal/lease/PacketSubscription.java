package dev.meshlease.internal.lease;

import dev.meshlease.LeaseClosedException;
import dev.meshlease.Subscription;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Feed;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketFilter;
import dev.meshlease.message.TunedFeed;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What push and pull have in common: a filter, an inbox, and their place in the fan-out. */
abstract class PacketSubscription implements Subscription, Sink {
    private static final Logger LOG = LoggerFactory.getLogger(PacketSubscription.class);

    final LeaseHandle lease;
    final InboxQueue unread;
    final Gate gate;
    private final PacketFilter filter;
    private final AtomicBoolean conditionFailed = new AtomicBoolean();

    PacketSubscription(LeaseHandle lease, Feed feed) {
        this.lease = lease;
        this.gate = new Gate(lease.gate());
        this.filter = feed.filter();
        this.unread = feed instanceof TunedFeed tuned
                ? new InboxQueue(tuned.capacity(), tuned.overflow())
                : new InboxQueue(lease.options().inboxPackets(), lease.options().overflow());
    }

    /** Something is there to read. On the loop. */
    abstract void arrived();

    @Override
    public final void packet(InboundPacket packet) {
        if (!gate.isOpen() || !filter.mayMatch(packet)) {
            return;
        }
        if (unread.offer(packet)) {
            arrived();
        } else {
            lease.fail(new LeaseClosedException(
                    lease.label() + ": an inbox of " + unread.size()
                            + " packets was full, and its policy is FAIL_LEASE."
                            + " Read faster, or choose a larger inbox or another policy.",
                    lease.endpoint(),
                    lease.holder(),
                    null));
        }
    }

    @Override
    public final void gap(Cursor cursor) {
        if (gate.isOpen()) {
            unread.linkWentDown(cursor);
            arrived();
        }
    }

    /** The user's own conditions, judged on the holder's side. */
    final boolean passes(InboundPacket packet) {
        try {
            return filter.matches(packet);
        } catch (Throwable failure) {
            if (conditionFailed.compareAndSet(false, true)) {
                LOG.warn(
                        "{}: a where() condition failed; packets it fails on count as refused", lease.label(), failure);
            }
            return false;
        }
    }

    @Override
    public final boolean isOpen() {
        return gate.isOpen();
    }

    @Override
    public final void close() {
        if (gate.close()) {
            lease.detached(this);
        }
    }
}
