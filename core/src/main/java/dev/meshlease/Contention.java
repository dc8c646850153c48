package dev.meshlease;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Evidence that something else keeps taking the node's one connection: the node accepted each of the last connections at once and ended it
 * soon after. The link connects rarely then, every 30 s at first and every 120 s at last, so that the two do not evict each other for
 * ever. It ends when a connection has lasted for 180 s, or the node cannot be reached.
 *
 * <p>Look for another program that uses the node, also on other machines, for an app on a phone or in a browser, and for a health
 * check or a port scan.
 *
 * @param since when the first of these connections was lost
 * @param evictions how many there were, without another kind of loss in between
 */
public record Contention(Instant since, int evictions) {
    public Contention {
        Objects.requireNonNull(since, "since");
    }

    /** As in {@code CONTENDED: 4 connections in a row accepted and soon ended, since …}. */
    @Override
    public String toString() {
        return "CONTENDED: " + evictions + " connections in a row accepted and soon ended, since "
                + since.truncatedTo(ChronoUnit.MILLIS);
    }
}
