package dev.meshlease.testkit.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What makes sense in a fault. */
final class FaultRules {
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int NANOS_PER_MILLI = 1_000_000;

    private FaultRules() {}

    static void check(
            FaultKind kind,
            @Nullable Duration span,
            @Nullable Receiver to,
            @Nullable Point at,
            int after,
            double chance,
            int times,
            @Nullable Duration lasting,
            int connection) {
        checkTimes(kind, span, lasting);
        checkPlace(kind, to, at);
        if (after < 0) {
            throw wrong("Frames that pass before are counted from 0 on, as in after=3, not after=" + after);
        }
        if (!(chance > 0 && chance <= 1)) {
            throw wrong("A chance is more than 0 and up to 1, as in chance=0.1, not chance=" + chance);
        }
        if (times < 1) {
            throw wrong(
                    "A fault strikes at least once: write times=1 or more, or leave it out, instead of times=" + times);
        }
        if (connection < 0) {
            throw wrongConnection(connection);
        }
    }

    static IllegalArgumentException wrongConnection(int connection) {
        return wrong("Connections are counted from 1 on, as in connection=1, not connection=" + connection);
    }

    private static void checkTimes(FaultKind kind, @Nullable Duration span, @Nullable Duration lasting) {
        String name = FaultText.spell(kind);
        String measure = kind.measure();
        if (span == null && !measure.isEmpty()) {
            throw wrong("A " + name + " needs a time: write " + name + ":" + measure + "=2s");
        }
        if (span != null && measure.isEmpty()) {
            throw wrong("A " + name + " has no measure: leave " + span + " out");
        }
        if (lasting == null && kind == FaultKind.REFUSE) {
            throw wrong("To refuse takes a time: write refuse:for=5s");
        }
        if (lasting != null && !kind.takesTime()) {
            throw wrong("A " + name + " takes no time: leave for=" + lasting + " out");
        }
        checkRange(measure, span);
        checkRange("for", lasting);
    }

    private static void checkRange(String name, @Nullable Duration time) {
        if (time != null
                && (time.isNegative()
                        || time.isZero()
                        || time.compareTo(LONGEST) > 0
                        || time.toNanosPart() % NANOS_PER_MILLI != 0)) {
            throw wrong(
                    "Times of a fault are whole milliseconds from 1ms to 24h, as in " + name + "=250ms, not " + time);
        }
    }

    private static void checkPlace(FaultKind kind, @Nullable Receiver to, @Nullable Point at) {
        if (to != null && !kind.hasDirection()) {
            throw wrong("A " + FaultText.spell(kind) + " has no direction: leave to=" + FaultText.spell(to) + " out");
        }
        if (to != null && at != null && at.receiver() != null && at.receiver() != to) {
            throw wrong("At " + FaultText.spell(at) + " there is nothing to=" + FaultText.spell(to) + ": leave it out");
        }
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(why);
    }
}
