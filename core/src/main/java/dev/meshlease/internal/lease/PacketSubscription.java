package dev.meshlease.internal.lease;

import dev.meshlease.LeaseClosedException;
import dev.meshlease.Subscription;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketFilter;
import dev.meshlease.message.TunedFeed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What push and pull have in common: a filter, an inbox, their place in the fan-out, and the past that they begin with. */
abstract class PacketSubscription implements Subscription, PacketSink {
    private static final Logger LOG = LoggerFactory.getLogger(PacketSubscription.class);

    final LeaseHandle lease;
    final InboxQueue unread;
    final Gate gate;
    private final PacketFilter filter;
    private final boolean wantsAll;
    private final boolean hasCondition;
    private final boolean showsSiblings;
    private final @Nullable Replay replay;
    private boolean filterFailed;

    PacketSubscription(LeaseHandle lease, TunedFeed feed) {
        this.lease = lease;
        this.gate = new Gate(lease.gate());
        this.filter = feed.filter();
        this.hasCondition = filter.hasCondition();
        this.wantsAll = filter.equals(PacketFilter.all());
        this.showsSiblings = feed.showsSiblings();
        this.unread = new InboxQueue(
                feed.capacity().orElse(lease.options().inboxPackets()),
                feed.overflow().orElse(lease.options().overflow()));
        this.replay = feed.position().map(this::replay).orElse(null);
        this.unread.begin(feed.position().orElseGet(() -> history().here()));
    }

    private Replay replay(Cursor after) {
        history().requireKnown(after);
        return new Replay(this::wants, after);
    }

    private History history() {
        return lease.host().history();
    }

    /** It is attached: the stream begins. */
    final void attached() {
        if (replay == null) {
            unread.begin(history().here());
        } else {
            arrived();
        }
    }

    /** Something is there to read. */
    abstract void arrived();

    @Override
    public void begin() {}

    @Override
    public final void packets(Batch batch) {
        Replay past = replay;
        long liveAfter = past == null ? -1 : past.liveAfter();
        long end = batch.end();
        if (!gate.isOpen()) {
            return;
        }
        if (end <= liveAfter) {
            arrived(); // It is reading the past, unless an executor has refused to.
            return;
        }
        if (wantsAll && liveAfter < batch.begin() && !batch.hasSiblings()) {
            live(batch.packets(), batch.size(), end);
            return;
        }
        @Nullable InboundPacket[] matching = batch.matching();
        int count = 0;
        for (int i = 0; i < batch.size(); i++) {
            InboundPacket packet = batch.packet(i);
            if (packet.cursor().position() > liveAfter && wants(packet, batch.sender(i))) {
                matching[count++] = packet;
            }
        }
        if (count == 0) {
            unread.looked(end);
        } else {
            live(matching, count, end);
        }
    }

    /** Packets for the holder. */
    void live(@Nullable InboundPacket[] packets, int count, long end) {
        if (unread.offer(packets, count, end)) {
            arrived();
        } else {
            lease.fail(new LeaseClosedException(
                    lease.label() + ": an inbox of " + unread.capacity()
                            + " packets was full, and its policy is FAIL_LEASE."
                            + " Read faster, or choose a larger inbox or another policy.",
                    lease.endpoint(),
                    lease.holder(),
                    null));
        }
    }

    /** Whether a packet is for this subscription, as far as can be judged without the user's code. */
    final boolean wants(InboundPacket packet, long sender) {
        boolean isVisible = sender == Batch.NODE || (showsSiblings && sender != lease.number());
        try {
            return isVisible && filter.mayMatch(packet);
        } catch (RuntimeException | Error failure) { // One that is nested too deeply for the stack, for instance.
            warnOfFilter(failure);
            return false;
        }
    }

    @Override
    public void gap(Cursor cursor) {
        if (gate.isOpen() && (replay == null || !replay.tellsLoss(cursor))) {
            unread.linkWentDown(cursor);
            arrived();
        }
    }

    /**
     * What the holder is to be given next; null if there is nothing, or nothing more may be given. For the one thread that gives.
     *
     * @param most how many it may be given
     */
    final @Nullable Arrival next(long most) {
        Arrival next = unread.hand().next();
        if (next == null) {
            Arrival past = past();
            if (past == null) {
                unread.take(most);
            } else {
                unread.take(past);
            }
            next = unread.hand().next();
        }
        return next;
    }

    /** What is next of the past, if it goes on behind a place there and has not caught up yet. */
    final @Nullable Arrival past() {
        Replay past = replay;
        if (past == null || past.isOver()) {
            return null;
        }
        Arrival next = history().next(past);
        if (next == null) {
            unread.looked(past.liveAfter());
        }
        return next;
    }

    final boolean isBehind() {
        return replay != null && !replay.isOver();
    }

    /** The user's own conditions, judged on the holder's side. */
    final boolean passes(InboundPacket packet) {
        if (!hasCondition) {
            return true; // It would not be here else.
        }
        try {
            return filter.matches(packet);
        } catch (Throwable failure) {
            warnOfFilter(failure);
            return false;
        }
    }

    private void warnOfFilter(Throwable failure) {
        if (isFirstFailure()) {
            LOG.warn("{}: its filter failed; packets it fails on count as refused", lease.label(), failure);
        }
    }

    private synchronized boolean isFirstFailure() {
        boolean isFirst = !filterFailed;
        filterFailed = true;
        return isFirst;
    }

    @Override
    public final Cursor cursor() {
        return unread.cursor();
    }

    @Override
    public final boolean isOpen() {
        return gate.isOpen();
    }

    @Override
    public void close() {
        boolean isFirst = gate.close();
        unread.hand().close(); // Also if another thread is at it: when this returns, nothing starts.
        if (isFirst) {
            lease.detached(this);
        }
    }
}
