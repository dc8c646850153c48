package dev.meshlease;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * One connection that ended, or did not come about.
 *
 * @param cause why
 * @param at when
 * @param generation which connection; for one that did not come about, the last before it, 0 if there was none
 * @param evidence what was seen, for a person
 */
public record LinkLoss(LossCause cause, Instant at, long generation, String evidence) {
    public LinkLoss {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(evidence, "evidence");
    }

    /** One line for a person: {@code RESET (by the node) at 2026-07-24T12:00:00Z, generation 3}. */
    @Override
    public String toString() {
        return cause + " (" + evidence + ") at " + at.truncatedTo(ChronoUnit.MILLIS) + ", generation " + generation;
    }
}
