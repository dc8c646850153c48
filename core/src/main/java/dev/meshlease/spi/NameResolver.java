package dev.meshlease.spi;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Turns host names into addresses, without blocking the caller. */
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
