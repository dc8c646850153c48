package dev.meshlease.internal.link;

import dev.meshlease.Contention;
import dev.meshlease.LinkLoss;
import dev.meshlease.LossCause;
import dev.meshlease.proto.MyNodeInfo;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody else keeps taking the node's one connection. Nothing says so; it is inferred. A node that is away refuses connections
 * or does not answer. One that has served this link, accepts connections at once and ends them soon, again and again, has another client,
 * which connects again whenever it is evicted.
 *
 * <p>Whoever connects evicts the other, so a link that knows of a rival waits long before it does. It tries all the same: that is the only
 * way to find out that the rival has left.
 */
final class Rivalry {
    /** How many in a row it takes. Once or twice may be a phone that was opened for a moment. */
    static final int EVICTIONS = 3;

    /** An end within this time after the connection came about may be an eviction. */
    static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** A rival that waits as long as we do may be that late. */
    static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(180);

    /** A connection that stands for so long before this side ends it was not disputed. */
    static final long UNDISTURBED_NANOS = TimeUnit.SECONDS.toNanos(5);

    static final long FIRST_FLOOR_NANOS = TimeUnit.SECONDS.toNanos(30);
    static final long LAST_FLOOR_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final double JITTER = 0.2;

    private final RandomGenerator random;
    private int evictions;
    // In a row, since the last eviction.
    private int otherLosses;
    // How many connections this side has ended that stood for a while, since the last eviction.
    private int inPeace;
    private boolean everReady;
    private @Nullable MyNodeInfo served;
    private @Nullable Instant since;
    private long floorNanos = FIRST_FLOOR_NANOS;

    Rivalry(RandomGenerator random) {
        this.random = random;
    }

    /**
     * A connection is over, or did not come about.
     *
     * @param loss what was seen
     * @param openNanos how long it stood; empty if it did not come about
     * @param wasReady whether its handshake was complete
     * @return the loss, as the doing of a rival if all speaks for that
     */
    LinkLoss judge(LinkLoss loss, OptionalLong openNanos, boolean wasReady) {
        everReady |= wasReady;
        long soonNanos = isContended() ? STEADY_NANOS : SOON_NANOS;
        if (openNanos.isPresent() && openNanos.getAsLong() >= soonNanos) {
            over();
            return loss;
        }
        if (loss.cause() == LossCause.CLOSED_BY_US) {
            undisturbed(wasReady && openNanos.isPresent() && openNanos.getAsLong() >= UNDISTURBED_NANOS);
            return loss;
        }
        inPeace = 0;
        boolean byNode = loss.cause() == LossCause.END_OF_STREAM || loss.cause() == LossCause.RESET;
        if (!byNode || openNanos.isEmpty()) {
            otherLosses++;
            if (!isContended() || otherLosses == EVICTIONS) {
                over();
            }
            return loss;
        }
        if (since == null) {
            since = loss.at();
        }
        otherLosses = 0;
        evictions++;
        if (!isContended()) {
            return loss;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(openNanos.getAsLong());
        String evidence = String.format(
                Locale.ROOT, "%s, %.1f s after the node accepted the connection", loss.evidence(), millis / 1e3);
        return new LinkLoss(LossCause.DISPLACED, loss.at(), loss.generation(), evidence);
    }

    /** This side ended a connection. A rival that is still there might have come, so a few of them speak for peace. */
    private void undisturbed(boolean forAWhile) {
        if (forAWhile && isContended()) {
            inPeace++;
            floorNanos = FIRST_FLOOR_NANOS;
            if (inPeace == EVICTIONS) {
                over();
            }
        }
    }

    /**
     * Whether a node has counted restarts since it was last served.
     *
     * @return how many it had counted then; empty if it has not, or is another
     */
    OptionalInt restartedSince(MyNodeInfo told) {
        MyNodeInfo before = served;
        served = told;
        if (before == null || before.getMyNodeNum() != told.getMyNodeNum()) {
            return OptionalInt.empty();
        }
        int counted = before.getRebootCount();
        return Integer.compareUnsigned(told.getRebootCount(), counted) > 0
                ? OptionalInt.of(counted)
                : OptionalInt.empty();
    }

    /** The last eviction was none. */
    void forgive() {
        if (evictions > 0) {
            evictions--;
        }
        if (evictions == 0) {
            over();
        }
    }

    /** There is no rival, or nothing to show that there is one. */
    void over() {
        evictions = 0;
        otherLosses = 0;
        inPeace = 0;
        since = null;
        floorNanos = FIRST_FLOOR_NANOS;
    }

    /** Somebody wants it tried at once; waits start over. */
    void reset() {
        floorNanos = FIRST_FLOOR_NANOS;
    }

    boolean isContended() {
        return everReady && evictions >= EVICTIONS;
    }

    /** How long the next wait is, in nanoseconds; without making the one after it longer. */
    long floorNanos() {
        return floorNanos;
    }

    /** How long to wait at least, in nanoseconds. Longer each time. */
    long next() {
        if (!isContended()) {
            return 0;
        }
        long floor = floorNanos;
        floorNanos = Math.min(LAST_FLOOR_NANOS, floor + floor / 2);
        return Math.min(LAST_FLOOR_NANOS, floor + (long) (floor * JITTER * random.nextDouble()));
    }

    Optional<Contention> contention() {
        Instant first = since;
        return isContended() && first != null ? Optional.of(new Contention(first, evictions)) : Optional.empty();
    }
}
