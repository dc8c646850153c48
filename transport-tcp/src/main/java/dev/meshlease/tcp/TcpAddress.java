package dev.meshlease.tcp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user wrote behind {@code tcp://}, in its normal spelling.
 *
 * @param host a name in lower case without a trailing dot, or a literal address; IPv6 without brackets, shortened as RFC 5952 asks
 * @param port 1 to 65535
 */
record TcpAddress(String host, int port) {
    private static final int DEFAULT_PORT = 4403;
    private static final int LONGEST_NAME = 253;

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._~-]+");

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static TcpAddress parse(String text) {
        String rest = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        refuseForeignParts(text, rest);
        String host;
        String port;
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            if (end < 0) {
                throw malformed(text, "the ']' is missing");
            }
            host = ipv6(text, rest.substring(1, end));
            port = rest.substring(end + 1);
        } else {
            int colon = rest.indexOf(':');
            if (colon >= 0 && rest.indexOf(':', colon + 1) >= 0) {
                throw malformed(text, "an IPv6 address goes in brackets");
            }
            host = nameOrIpv4(text, colon < 0 ? rest : rest.substring(0, colon));
            port = colon < 0 ? "" : rest.substring(colon);
        }
        return new TcpAddress(host, port(text, port));
    }

    /**
     * The address, if the host is one.
     *
     * @return null if the host is a name
     * @throws UnknownHostException if this machine has no such network interface as the zone names
     */
    @Nullable
    InetAddress literal() throws UnknownHostException {
        if (host.indexOf(':') >= 0) {
            return InetAddress.getByName("[" + host + "]");
        }
        return IPV4.matcher(host).matches() ? InetAddress.getByName(host) : null;
    }

    /** The normal spelling, which reads as itself. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static void refuseForeignParts(String text, String rest) {
        if (rest.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw malformed(text, "it contains a space");
        }
        if (rest.indexOf('@') >= 0) {
            throw malformed(text, "a node knows no user name, leave out what is in front of '@'");
        }
        if (rest.chars().anyMatch(c -> c == '/' || c == '?' || c == '#')) {
            throw malformed(text, "a node knows no path, leave out what is behind host and port");
        }
    }

    private static String nameOrIpv4(String text, String host) {
        if (host.isEmpty()) {
            throw malformed(text, "the host is missing");
        }
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        String[] labels = name.split("\\.", -1);
        // The system's resolver would take 10.7 for 10.0.0.7, and 010 for 8 or for 10.
        if (labels[labels.length - 1].matches("[0-9]+|0x[0-9a-f]*")) {
            return ipv4(text, name);
        }
        if (name.length() > LONGEST_NAME) {
            throw malformed(text, "a host name has at most " + LONGEST_NAME + " characters");
        }
        for (String label : labels) {
            if (label.isEmpty()) {
                throw malformed(text, "two dots stand together, or one stands in front");
            }
            if (!LABEL.matcher(label).matches()) {
                throw malformed(text, "'" + label + "' cannot be part of a host name");
            }
        }
        return name;
    }

    private static String ipv4(String text, String host) {
        boolean fits = IPV4.matcher(host).matches();
        for (int i = 0; fits && i < 4; i++) {
            fits = Integer.parseInt(host.split("\\.", -1)[i]) <= 255;
        }
        if (!fits) {
            throw malformed(text, "an IPv4 address is four numbers from 0 to 255, without leading zeros");
        }
        return host;
    }

    private static String ipv6(String text, String inner) {
        int percent = inner.indexOf('%');
        String digits = percent < 0 ? inner : inner.substring(0, percent);
        InetAddress address = null;
        if (IPV6.matcher(digits).matches()) {
            try {
                address = InetAddress.getByName("[" + digits + "]"); // in brackets, it is never looked up
            } catch (UnknownHostException e) {
                address = null;
            }
        }
        if (address == null) {
            throw malformed(text, "'" + digits + "' is no IPv6 address");
        }
        if (percent < 0) {
            return address instanceof Inet4Address ? address.getHostAddress() : Ipv6Text.of(address.getAddress());
        }
        String zone = inner.substring(percent + 1);
        if (!address.isLinkLocalAddress() || address instanceof Inet4Address) {
            throw malformed(text, "only a link-local address (fe80::) has a zone, leave out '%" + zone + "'");
        }
        if (!ZONE.matcher(zone).matches()) {
            throw malformed(text, "'" + zone + "' is no zone, which is the name or number of a network interface");
        }
        return Ipv6Text.of(address.getAddress()) + "%" + zone;
    }

    private static int port(String text, String withColon) {
        if (withColon.isEmpty()) {
            return DEFAULT_PORT;
        }
        String digits = withColon.substring(1);
        int port = withColon.startsWith(":") && PORT.matcher(digits).matches() ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65535) {
            throw malformed(text, "'" + digits + "' is no port, which is a number from 1 to 65535");
        }
        return port;
    }

    private static IllegalArgumentException malformed(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is no TCP address: " + why
                + ". Write HOST or HOST:PORT, for instance meshtastic.local, 10.0.0.7:4403 or [fe80::1%eth0]:4403");
    }
}
