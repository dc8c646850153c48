package dev.meshlease;

import dev.meshlease.spi.LinkKey;
import java.util.List;
import java.util.Set;

/**
 * The one physical connection to a node, and the machine that keeps it alive, as any holder may see it.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public interface Link {
    /** The spelling under which it was opened. */
    Endpoint endpoint();

    /** Its canonical keys, one for each address, all of them claimed. */
    Set<LinkKey> keys();

    /** How it is. */
    LinkStatus status();

    /** Who shares it, oldest first. */
    List<LeaseInfo> leases();

    /**
     * Joins it. Connects it if this is its first lease.
     *
     * @throws LeaseClosedException if the link is closed or about to close; acquire from the registry then, which opens it anew
     */
    Lease acquire(LeaseOptions options);

    /** Joins it with default options. */
    default Lease acquire(String holder) {
        return acquire(LeaseOptions.of(holder));
    }

    /** Connects now instead of waiting out the backoff, and starts the waits over. */
    void resetBackoff();

    /** All about it, for a person. */
    String describe();
}
