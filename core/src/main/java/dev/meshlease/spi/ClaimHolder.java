package dev.meshlease.spi;

import java.time.Instant;
import java.util.List;

/**
 * Who holds a claim.
 *
 * @param host the machine's name
 * @param pid the process id on that machine; 0 where it is not known
 * @param program the program's name, as the platform tells it; empty where it is not known
 * @param holders the leases' holders at the time of asking
 * @param since when the claim was granted; {@link #UNKNOWN_SINCE} where it is not known
 */
public record ClaimHolder(String host, long pid, String program, List<String> holders, Instant since) {
    /** Stands for a time that is not known. */
    public static final Instant UNKNOWN_SINCE = Instant.EPOCH;

    public ClaimHolder {
        holders = List.copyOf(holders);
    }

    /** Which process it is, for people: {@code process 4711 (bot.jar) on attic}, with what is known of it. */
    public String process() {
        return "process " + (pid > 0 ? pid : "unknown")
                + (program.isEmpty() ? "" : " (" + program + ")")
                + (host.isEmpty() ? "" : " on " + host);
    }
}
