package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import java.time.Instant;

/**
 * How a link came about.
 *
 * @param number unique in this process
 * @param endpoint the first opener's spelling
 * @param normal the same in its transport's normal spelling
 * @param isDeclared whether {@code open} made it, so that it stays without leases
 * @param claim what stands for it in the JVM's table
 * @param openedFrom the first opener's stack
 */
record Registration(
        long number,
        Endpoint endpoint,
        Endpoint normal,
        LinkOptions options,
        boolean isDeclared,
        Instant since,
        JvmClaims.Entry claim,
        Throwable openedFrom,
        Location location) {
    /** What those are told who hold it when its owner closes it. */
    LeaseClosedException closedByOwner() {
        return new LeaseClosedException(endpoint + ": the link was closed by its owner", endpoint, null, null);
    }
}
