package dev.meshlease.tcp;

import dev.meshlease.spi.LinkKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The canonical form of resolved addresses. */
final class TcpKeys {
    static final String SCHEME = "tcp";

    private static final byte[] LOOPBACK_4 = {127, 0, 0, 1};

    /** How an IPv4 address starts that is written as IPv6. The JDK itself makes IPv4 of it, other resolvers may not. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private TcpKeys() {}

    /** The key under which one address and port is claimed. */
    static LinkKey of(InetAddress address, int port) {
        return new LinkKey(SCHEME, host(address) + ":" + port);
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
        return plain instanceof Inet6Address six ? "[" + Ipv6Text.of(bytes) + zone(six) + "]" : plain.getHostAddress();
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

    private static String zone(Inet6Address address) {
        if (!address.isLinkLocalAddress()) {
            return "";
        }
        if (address.getScopedInterface() != null) {
            return "%" + address.getScopedInterface().getName();
        }
        int index = address.getScopeId();
        if (index == 0) {
            return "";
        }
        try {
            NetworkInterface found = NetworkInterface.getByIndex(index);
            return "%" + (found == null ? String.valueOf(index) : found.getName());
        } catch (SocketException e) {
            return "%" + index; // still the same key for the same spelling
        }
    }
}
