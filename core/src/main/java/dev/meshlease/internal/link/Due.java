package dev.meshlease.internal.link;

import java.time.Duration;

/** Points in monotonic time, which may wrap and so compare by difference only; and spans short enough for that. */
public final class Due {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** A year, which stands for ever. */
    static final long LONGEST_NANOS = LONGEST.toNanos();

    private Due() {}

    /** A span, in nanoseconds. A year stands for all that is longer, nothing for all that is negative: users say "for ever" by them. */
    public static long nanos(Duration span) {
        return span.isNegative() ? 0 : span.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : span.toNanos();
    }

    static long earlier(long oneNanos, long otherNanos) {
        return oneNanos - otherNanos <= 0 ? oneNanos : otherNanos;
    }

    public static long later(long oneNanos, long otherNanos) {
        return oneNanos - otherNanos >= 0 ? oneNanos : otherNanos;
    }
}
