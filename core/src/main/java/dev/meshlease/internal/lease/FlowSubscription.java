package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.TunedFeed;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packets given to a subscriber as it asks for them, on the lease's lane or one of its own. All signals are given by {@link #run}, of which
 * at most one is on the lane; whatever changes what it has to do wakes it.
 */
final class FlowSubscription extends PacketSubscription implements Flow.Subscription, CallbackLane.Task {
    private static final Logger LOG = LoggerFactory.getLogger(FlowSubscription.class);
    private static final int BATCH = 128;

    private final CallbackLane lane;
    private final AtomicBoolean onLane = new AtomicBoolean();
    private final AtomicLong demand = new AtomicLong();
    // Null once it is to hear nothing more.
    private volatile Flow.@Nullable Subscriber<? super Arrival> subscriber;
    private volatile @Nullable RuntimeException refusal; // For something else than the lease's end.
    private volatile boolean ended; // By the lease; what closed that is known by then.
    private boolean begun; // On the lane.

    FlowSubscription(LeaseHandle lease, TunedFeed feed, Flow.Subscriber<? super Arrival> subscriber) {
        super(lease, feed);
        this.lane = lease.lane(feed);
        this.subscriber = subscriber;
    }

    /** Has it know that it is subscribed; after that, how it goes on. */
    void wake() {
        if (onLane.compareAndSet(false, true)) {
            lane.execute(this);
        }
    }

    /** Tells it nothing but that there will be nothing. */
    void refuse(RuntimeException why) {
        refusal = why;
        wake();
    }

    @Override
    void arrived() {
        if (demand.get() > 0) {
            wake();
        }
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            refusal = new IllegalArgumentException(lease.label() + ": a subscriber asked for " + count
                    + " packets; it may ask for one or more (rule 3.9)");
        } else {
            demand.accumulateAndGet(count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        }
        wake();
    }

    @Override
    public void cancel() {
        subscriber = null;
        super.close();
    }

    /** From the lease, which has ended. */
    @Override
    public void close() {
        super.close();
        ended = true;
        wake();
    }

    @Override
    public void run() {
        onLane.set(false);
        signal(this::give);
    }

    /** That it is subscribed, and the end, it is told by the library itself: else it would never know, nor ask. */
    @Override
    public void rejected() {
        onLane.set(false);
        unread.loseAll();
        signal(this::isOver);
    }

    private void signal(Consumer<Flow.Subscriber<? super Arrival>> what) {
        Flow.Subscriber<? super Arrival> to = subscriber;
        if (to == null) {
            return;
        }
        try {
            if (!begun) {
                begun = true;
                to.onSubscribe(this);
            }
            what.accept(to);
        } catch (Throwable failure) {
            LOG.warn("{}: its subscriber failed, and is cancelled", lease.label(), failure);
            cancel();
        }
    }

    private void give(Flow.Subscriber<? super Arrival> to) {
        for (int given = 0; given < BATCH || unread.hand().next() != null; given++) {
            if (subscriber == null || isOver(to) || demand.get() == 0) {
                return;
            }
            Arrival next = next(demand.get());
            if (next == null) {
                return;
            }
            if (next instanceof InboundPacket packet && !passes(packet)) {
                unread.passOver(); // Costs no demand.
            } else if (unread.hand().start()) {
                demand.getAndUpdate(left -> left == Long.MAX_VALUE ? left : left - 1);
                to.onNext(next);
            }
        }
        wake(); // Lets the lease's other subscriptions have their turn.
    }

    /** Tells the end, if it has come. */
    private boolean isOver(Flow.Subscriber<? super Arrival> to) {
        RuntimeException refused = refusal;
        if (refused == null && !ended) {
            return false;
        }
        RuntimeException why = refused == null ? lease.closedBecause() : refused;
        cancel();
        if (why == null) {
            to.onComplete();
        } else {
            to.onError(why);
        }
        return true;
    }
}
