package dev.meshlease.spi;

import java.time.Instant;
import java.util.List;

/**
 * Who holds a claim.
 *
 * @param host the machine's name
 * @param pid the process id on that machine
 * @param program the program's name, as the platform tells it
 * @param holders the leases' holders at the time of asking
 * @param since when the claim was granted
 */
public record ClaimHolder(String host, long pid, String program, List<String> holders, Instant since) {
    public ClaimHolder {
        holders = List.copyOf(holders);
    }
}
