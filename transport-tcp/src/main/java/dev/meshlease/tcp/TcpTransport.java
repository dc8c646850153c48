package dev.meshlease.tcp;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reaches nodes over TCP: {@code tcp://HOST} or {@code tcp://HOST:PORT}. The host is a name, an IPv4 address or an IPv6 address in
 * brackets, such as {@code [fe80::1%eth0]}; the port is 4403 by default.
 *
 * <p>A target has one key for each address that the host resolves to. {@code 127.0.0.1}, {@code ::1} and the unspecified addresses share
 * the key {@code localhost}; other addresses of 127/8 are hosts of their own. A link-local address without a zone, which the system sends
 * through an interface of its choice, has the keys of all of them.
 *
 * <p>An attempt to connect tries the addresses one after another, never two at a time, with 10 s for each.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public final class TcpTransport implements Transport {
    /** For {@link java.util.ServiceLoader}, and for whoever names the transport to a registry's builder. */
    public TcpTransport() {}

    @Override
    public String scheme() {
        return TcpKeys.SCHEME;
    }

    @Override
    public String check(String address) {
        return TcpAddress.parse(address).toString();
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        TcpAddress parsed = TcpAddress.parse(address);
        InetAddress literal;
        try {
            literal = parsed.literal();
        } catch (UnknownHostException e) {
            return CompletableFuture.failedStage(e);
        }
        if (literal != null) {
            return CompletableFuture.completedFuture(TcpTarget.of(List.of(literal), parsed.port()));
        }
        return ask(environment, parsed.host()).handle((found, error) -> {
            if (found == null || found.isEmpty()) {
                throw new CompletionException(reason(error, parsed.host()));
            }
            try {
                return TcpTarget.of(found, parsed.port());
            } catch (RuntimeException nonsense) {
                throw new CompletionException(broken(parsed.host(), nonsense));
            }
        });
    }

    private static CompletionStage<List<InetAddress>> ask(Environment environment, String host) {
        try {
            return Objects.requireNonNull(environment.names().resolve(host), "it gave no stage");
        } catch (RuntimeException | Error failure) { // A user's resolver, perhaps called on the loop.
            return CompletableFuture.failedStage(broken(host, failure));
        }
    }

    private static UnknownHostException broken(String host, Throwable failure) {
        var unknown = new UnknownHostException("The name resolver failed for " + host + ": " + failure);
        unknown.initCause(failure);
        return unknown;
    }

    private static Throwable reason(@Nullable Throwable error, String host) {
        if (error == null) {
            return new UnknownHostException(host);
        }
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
