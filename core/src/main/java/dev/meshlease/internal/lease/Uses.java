package dev.meshlease.internal.lease;

import dev.meshlease.LeaseClosedException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is to keep a lease for: that its holder can reach it, and what is under way for the holder. A lease that nobody can reach, and
 * that has nothing open or under way, is a leak: it is reported, and given back.
 *
 * <p>Once the holder cannot reach it, nothing new begins but by a right that the holder still has, which counts itself. So what has ended
 * then has ended for good, and it is enough to look whenever something ends.
 *
 * <p><b>Threading:</b> counted from any thread; judged on the loop.
 */
final class Uses {
    private static final Logger LOG = LoggerFactory.getLogger(Uses.class);
    private static final AtomicIntegerFieldUpdater<Uses> IN_FLIGHT =
            AtomicIntegerFieldUpdater.newUpdater(Uses.class, "inFlight");

    private final LeaseHandle lease;
    private volatile int inFlight;
    private @Nullable Set<RightHandle<?>> turns; // Guarded by this; null as long as there never was one.
    private volatile boolean isDropped;
    private volatile @Nullable Throwable acquiredFrom;
    private volatile @Nullable Hold unusedWatch; // Only kept.

    Uses(LeaseHandle lease) {
        this.lease = lease;
    }

    /** Puts the lease into its holder's hands, and watches what becomes of that. */
    HeldLease hold(@Nullable Throwable from) {
        acquiredFrom = from;
        HeldLease held = new HeldLease(lease);
        unusedWatch = new Hold(held, this);
        return held;
    }

    private static final class Hold extends Leaks.Watch {
        private final Uses uses;

        Hold(HeldLease held, Uses uses) {
            super(held);
            this.uses = uses;
        }

        @Override
        void dropped() {
            uses.unreachable();
        }
    }

    /** Where it was acquired, if that is kept. */
    @Nullable
    Throwable acquiredFrom() {
        return acquiredFrom;
    }

    /** A message or a question is under way. */
    void shipped() {
        IN_FLIGHT.incrementAndGet(this);
    }

    void arrived() {
        IN_FLIGHT.decrementAndGet(this);
        ended();
    }

    int inFlight() {
        return inFlight;
    }

    /** A right was asked for; until it is refused, closed or committed. It is kept, so that it is found if its holder drops it. */
    synchronized void begun(RightHandle<?> turn) {
        if (turns == null) {
            turns = new HashSet<>();
        }
        turns.add(turn);
    }

    void over(RightHandle<?> turn) {
        synchronized (this) {
            if (turns == null || !turns.remove(turn)) {
                return;
            }
        }
        ended();
    }

    private synchronized boolean hasTurns() {
        return turns != null && !turns.isEmpty();
    }

    /** Something has ended that counts as a use. */
    void ended() {
        if (isDropped && lease.gate().isOpen()) {
            lease.host().post(this::judge);
        }
    }

    /** The holder cannot reach it any more. */
    void unreachable() {
        unusedWatch = null;
        LeaseHost host = lease.host();
        if (lease.gate().isOpen()) {
            host.dropped(() -> host.post(() -> {
                isDropped = true;
                judge();
            }));
        }
    }

    private void judge() {
        if (!lease.gate().isOpen() || inFlight > 0 || hasTurns() || lease.hasSubscriptions()) {
            return;
        }
        CompletableFuture<?>[] awaitingReady = lease.awaitingReady();
        if (awaitingReady.length > 0) {
            var unused = CompletableFuture.allOf(awaitingReady).whenComplete((nothing, failure) -> ended());
            return;
        }
        giveBack();
    }

    private void giveBack() {
        Throwable from = acquiredFrom;
        String story = lease.label() + " dropped its lease (number " + lease.number() + ", since " + lease.since()
                + ") without closing it: nothing can reach it any more, and nothing is open on it. It is given back now";
        LOG.warn(
                "{}. Close leases, best by try (Lease lease = ...); {}",
                story,
                from == null
                        ? "LinkRegistryBuilder.leakStacks(true) shows where this one was acquired"
                        : "this one was acquired at",
                from);
        lease.fail(new LeaseClosedException(story, lease.endpoint(), lease.holder(), from));
    }
}
