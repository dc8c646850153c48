package dev.meshlease.spi;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Turns host names into addresses, without blocking the caller.
 *
 * <p><b>Threading:</b> called from any thread, also on the loop, so it returns at once; a lookup that blocks is handed to a thread of the
 * resolver's own. The answer may come on any thread. Whoever waits for it has a time limit (the settle timeout; 30 s for a connection), and
 * what comes later is ignored. What it throws counts as a name that does not resolve.
 */
@FunctionalInterface
public interface NameResolver {
    /**
     * Looks a name up.
     *
     * @param host a host name or a literal address
     * @return all its addresses, at least one; or exceptionally with {@link java.net.UnknownHostException}
     */
    CompletionStage<List<InetAddress>> resolve(String host);
}
