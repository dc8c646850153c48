package dev.meshlease.internal.link;

import dev.meshlease.LinkLoss;
import dev.meshlease.LossCause;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far the one physical connection of a link is, from {@code Connection.connect} to {@code closed}; how long that may take; and why it
 * ends, if that was decided on this side.
 *
 * <p><b>Threading:</b> the loop only.
 */
final class Attempt {
    static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(30);
    static final long HANG_UP_NANOS = TimeUnit.SECONDS.toNanos(2);

    static final Session.Fault OVERDUE = new Session.Fault(
            LossCause.TIMED_OUT, "no connection within " + TimeUnit.NANOSECONDS.toSeconds(CONNECT_NANOS) + " s");

    private enum Phase {
        NONE,
        OPENING,
        OPEN,
        /** Told to end; waiting for it to say so. */
        ENDING
    }

    private Phase phase = Phase.NONE;
    private long dueNanos;
    private @Nullable LinkLoss verdict;

    boolean isNone() {
        return phase == Phase.NONE;
    }

    boolean isOpening() {
        return phase == Phase.OPENING;
    }

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    boolean isEnding() {
        return phase == Phase.ENDING;
    }

    /** Only when there is none. */
    void begin(Moment now) {
        phase = Phase.OPENING;
        verdict = null;
        mayTake(CONNECT_NANOS, now);
    }

    /** The connection stands. */
    void opened() {
        phase = Phase.OPEN;
    }

    /** It is to end. */
    void end(LinkLoss why, Moment now) {
        phase = Phase.ENDING;
        verdict = why;
        mayTake(HANG_UP_NANOS, now);
    }

    /** It has ended. */
    void over() {
        phase = Phase.NONE;
    }

    /** Bounds what it is doing now. */
    void mayTake(long spanNanos, Moment now) {
        dueNanos = now.nanos() + spanNanos;
    }

    long dueNanos() {
        return dueNanos;
    }

    /** Why it has ended: what was decided here goes before what was seen. */
    LinkLoss loss(Supplier<LinkLoss> seen) {
        LinkLoss own = verdict;
        return own != null ? own : seen.get();
    }

    /** Whether it was this side that ended it. */
    boolean wasCutShort() {
        return verdict != null;
    }

    /** Whether it was ended since nobody wanted it any more, rather than for a fault. */
    boolean wasClosedByUs() {
        return verdict != null && verdict.cause() == LossCause.CLOSED_BY_US;
    }
}
