package dev.meshlease;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Evidence that something else keeps taking the node's one connection: the node accepted each of the last connections at once and ended it
 * soon after. The link connects rarely then, every 30 s at first and every 120 s at last, or less often if its {@link ReconnectPolicy} says
 * so: the two are not to evict each other for ever. It ends when a connection has lasted for 180 s; when none was to be had, or it ended in
 * another way, three times in a row; and when this side has ended three in a row that had lasted for 5 s. It outlives a link that is closed
 * and opened again within 10 minutes.
 *
 * <p>Look for another program that uses the node, also on other machines, for an app on a phone or in a browser, and for a health
 * check or a port scan.
 *
 * @param since when the first of these connections was lost
 * @param evictions how many there were
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
