package dev.meshlease.tcp;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The addresses a host had when it was last looked up, in the order in which they are tried. */
final class TcpTarget implements Target {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final List<InetSocketAddress> addresses;
    private final Set<LinkKey> keys;
    private final Duration connectTimeout;

    /**
     * @param addresses at least one
     * @param connectTimeout for each address
     */
    TcpTarget(List<InetSocketAddress> addresses, Duration connectTimeout) {
        this.addresses = List.copyOf(addresses);
        this.connectTimeout = connectTimeout;
        var distinct = new TreeSet<LinkKey>();
        for (InetSocketAddress address : addresses) {
            distinct.addAll(TcpKeys.of(address.getAddress(), address.getPort()));
        }
        keys = Collections.unmodifiableSet(distinct);
    }

    static TcpTarget of(List<InetAddress> hosts, int port) {
        // An InetAddress is equal to one with another zone, which is another host.
        Set<Place> places = new LinkedHashSet<>();
        for (InetAddress host : hosts) {
            // Of null, InetSocketAddress would make this machine.
            Objects.requireNonNull(host, "one of the addresses is null");
            places.add(new Place(host, host instanceof Inet6Address six ? six.getScopeId() : 0));
        }
        return new TcpTarget(
                places.stream()
                        .map(place -> new InetSocketAddress(place.address(), port))
                        .toList(),
                CONNECT_TIMEOUT);
    }

    private record Place(InetAddress address, int zone) {}

    @Override
    public Set<LinkKey> keys() {
        return keys;
    }

    @Override
    public Optional<Lookout> lookout() {
        return Optional.of(new TcpLookout(addresses));
    }

    @Override
    public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
        Permit.require(permit).redeem(keys());
        var link = new TcpLink(loop, events, new TcpConnector(loop, addresses, connectTimeout));
        link.start();
        return link;
    }

    @Override
    public String toString() {
        return keys.toString();
    }
}
