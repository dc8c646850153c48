package dev.meshlease.internal.link;

/** Points in monotonic time, which may wrap and so compare by difference only. */
final class Due {
    private Due() {}

    static long earlier(long oneNanos, long otherNanos) {
        return oneNanos - otherNanos <= 0 ? oneNanos : otherNanos;
    }

    static long later(long oneNanos, long otherNanos) {
        return oneNanos - otherNanos >= 0 ? oneNanos : otherNanos;
    }
}
