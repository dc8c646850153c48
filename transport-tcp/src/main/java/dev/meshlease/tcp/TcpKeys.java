package dev.meshlease.tcp;

import dev.meshlease.spi.LinkKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** The canonical form of resolved addresses. */
final class TcpKeys {
    static final String SCHEME = "tcp";

    private static final byte[] LOOPBACK_4 = {127, 0, 0, 1};

    /** How an IPv4 address starts that is written as IPv6. The JDK itself makes IPv4 of it, other resolvers may not. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private TcpKeys() {}

    /**
     * The keys under which one address and port is claimed: one, but for a link-local address without a zone. Which network interface that
     * leads through is the system's choice, so it is claimed on each of them.
     */
    static Set<LinkKey> of(InetAddress address, int port) {
        String own = text(address, port);
        var keys = new HashSet<LinkKey>();
        keys.add(new LinkKey(SCHEME, own));
        if (address instanceof Inet6Address six
                && six.isLinkLocalAddress()
                && Zones.of(six).isEmpty()) {
            Zones.all().forEach(zone -> keys.add(new LinkKey(SCHEME, own.replace("]", zone + "]"))));
        }
        return keys;
    }

    /** How the key of one address and port is written. */
    static String text(InetAddress address, int port) {
        return host(address) + ":" + port;
    }

    private static String host(InetAddress address) {
        byte[] bytes = address.getAddress();
        InetAddress plain = address;
        if (bytes.length == 16 && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length)) {
            plain = ipv4(Arrays.copyOfRange(bytes, MAPPED.length, 16));
        }
        // Connecting to the unspecified address leads to this machine.
        if (plain.isAnyLocalAddress() || isLoopback(plain)) {
            return "localhost";
        }
        if (!(plain instanceof Inet6Address six)) {
            return plain.getHostAddress();
        }
        // Of all that one connects to, only link-local addresses are another host's through another interface.
        return "[" + Ipv6Text.of(bytes) + (six.isLinkLocalAddress() ? Zones.of(six) : "") + "]";
    }

    /** The other addresses of 127/8 are hosts of their own. */
    private static boolean isLoopback(InetAddress address) {
        return address instanceof Inet6Address
                ? address.isLoopbackAddress()
                : Arrays.equals(address.getAddress(), LOOPBACK_4);
    }

    private static InetAddress ipv4(byte[] four) {
        try {
            return InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new AssertionError("Four bytes are an address", e);
        }
    }
}
