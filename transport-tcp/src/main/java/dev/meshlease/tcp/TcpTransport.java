package dev.meshlease.tcp;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reaches nodes over TCP: {@code tcp://HOST} or {@code tcp://HOST:PORT}. The host is a name, an IPv4 address or an IPv6 address in
 * brackets, such as {@code [fe80::1%eth0]}; the port is 4403 by default.
 *
 * <p>A target has one key for each address that the host resolves to. {@code 127.0.0.1}, {@code ::1} and the unspecified addresses share
 * the key {@code localhost}; other addresses of 127/8 are hosts of their own.
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
        var result = new CompletableFuture<Target>();
        TcpAddress parsed = TcpAddress.parse(address);
        try {
            InetAddress literal = parsed.literal();
            if (literal != null) {
                result.complete(TcpTarget.of(List.of(literal), parsed.port()));
            } else {
                var unused = environment.names().resolve(parsed.host()).whenComplete((found, error) -> {
                    if (found == null || found.isEmpty()) {
                        result.completeExceptionally(reason(error, parsed.host()));
                    } else {
                        result.complete(TcpTarget.of(found, parsed.port()));
                    }
                });
            }
        } catch (UnknownHostException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private static Throwable reason(@Nullable Throwable error, String host) {
        if (error == null) {
            return new UnknownHostException(host);
        }
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
