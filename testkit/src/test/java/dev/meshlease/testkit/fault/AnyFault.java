package dev.meshlease.testkit.fault;

import java.time.Duration;
import java.util.Random;

/** Any fault that makes sense. */
public final class AnyFault {
    private static final int DAY_MILLIS = 24 * 60 * 60 * 1000;

    private AnyFault() {}

    /** @param longestMillis of each of its times */
    public static Fault of(Random random, int longestMillis) {
        FaultKind[] kinds = FaultKind.values();
        FaultKind kind = kinds[random.nextInt(kinds.length)];
        Duration span = kind.measure().isEmpty() ? null : time(random, longestMillis);
        Duration lasting = kind == FaultKind.REFUSE || (kind.takesTime() && random.nextBoolean())
                ? time(random, longestMillis)
                : null;
        Receiver to = kind.hasDirection() && random.nextBoolean() ? any(random, Receiver.values()) : null;
        Point at = random.nextBoolean() ? any(random, Point.values()) : null;
        if (to != null && at != null && at.receiver() != null) {
            to = at.receiver();
        }
        return new Fault(
                kind,
                span,
                to,
                at,
                random.nextBoolean() ? random.nextInt(30) : 0,
                random.nextBoolean() ? 1 - random.nextDouble() : 1,
                random.nextBoolean() ? 1 + random.nextInt(10) : Fault.ALWAYS,
                lasting,
                random.nextInt(4));
    }

    private static Duration time(Random random, int longestMillis) {
        int roundTo = any(random, new Integer[] {1, 1000, 60_000, 3_600_000});
        int millis = random.nextInt(1, Math.min(longestMillis, DAY_MILLIS) + 1);
        return Duration.ofMillis(millis < roundTo ? millis : millis / roundTo * roundTo);
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
