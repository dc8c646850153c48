package dev.meshlease.internal.link;

import dev.meshlease.spi.TimeSource;
import java.time.Instant;

/**
 * When an event happens, on both clocks.
 *
 * @param nanos monotonic; compare by difference only
 * @param wall for people
 */
public record Moment(long nanos, Instant wall) {
    /** Now. */
    public static Moment of(TimeSource time) {
        return new Moment(time.nanoTime(), time.instant());
    }

    Moment plusNanos(long span) {
        return new Moment(nanos + span, wall.plusNanos(span));
    }

    boolean isAtOrAfter(long otherNanos) {
        return nanos - otherNanos >= 0;
    }

    long sinceNanos(long otherNanos) {
        return nanos - otherNanos;
    }
}
