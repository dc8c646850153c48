package dev.meshlease.internal.loop;

import dev.meshlease.spi.NameResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A blocking lookup made asynchronous: each one has a helper thread to itself, so that a lookup that hangs holds up no other. */
final class SystemResolver implements NameResolver {
    private final Executor helpers;
    private final Lookup lookup;

    /**
     * @param helpers where lookups block
     * @param lookup such as {@link InetAddress#getAllByName}
     */
    SystemResolver(Executor helpers, Lookup lookup) {
        this.helpers = helpers;
        this.lookup = lookup;
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String host) {
        var result = new CompletableFuture<List<InetAddress>>();
        helpers.execute(() -> {
            try {
                result.complete(List.of(lookup.find(host)));
            } catch (UnknownHostException e) {
                result.completeExceptionally(e);
            } catch (Throwable e) {
                var unknown = new UnknownHostException("Looking up " + host + " failed: " + e);
                unknown.initCause(e);
                result.completeExceptionally(unknown);
            }
        });
        return result;
    }

    /** A lookup that may block. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] find(String host) throws UnknownHostException;
    }
}
