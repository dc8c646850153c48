package dev.meshlease.tcp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Where a connection ends, as the network has it: the bytes of an address, the number of the interface for those that depend on one, a
 * port. What is written in the tests about keys is measured by this, which knows nothing of spellings or keys.
 *
 * @param hex 4 bytes, or 16
 * @param zone 0 for none
 */
record Place(String hex, int zone, int port) {
    private static final String MAPPED = "0".repeat(20) + "ffff";

    /** Numbers of interfaces and their names; a zone can be written by name only where Java finds out its number. */
    static final Map<Integer, String> INTERFACES = new TreeMap<>();

    static final List<Integer> WITH_LINK_LOCAL = new ArrayList<>();

    static {
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                INTERFACES.put(each.getIndex(), each.getName());
                if (each.inetAddresses().anyMatch(own -> own instanceof Inet6Address && own.isLinkLocalAddress())) {
                    WITH_LINK_LOCAL.add(each.getIndex());
                }
            }
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    boolean isIpv4() {
        return hex.length() == 8;
    }

    boolean isLinkLocal() {
        return !isIpv4() && hex.startsWith("fe") && "89ab".indexOf(hex.charAt(2)) >= 0;
    }

    /** Whether a connection to one may end at the other. */
    boolean meets(Place other) {
        if (port != other.port) {
            return false;
        }
        if (isThisMachine() || other.isThisMachine()) {
            return isThisMachine() && other.isThisMachine();
        }
        if (!hex.equals(other.hex)) {
            return false;
        }
        return !isLinkLocal()
                || zone == other.zone
                || zone == 0 && WITH_LINK_LOCAL.contains(other.zone)
                || other.zone == 0 && WITH_LINK_LOCAL.contains(zone);
    }

    /** By decree. */
    private boolean isThisMachine() {
        return List.of("7f000001", "00000000", "0".repeat(32), "0".repeat(31) + "1")
                .contains(hex);
    }

    // ---- ways to say it

    /** As an address that a resolver may answer with. */
    InetAddress answer(RandomGenerator random) {
        try {
            byte[] bytes = HexFormat.of().parseHex(hex);
            if (isIpv4()) {
                byte[] mapped = HexFormat.of().parseHex(MAPPED + hex);
                return random.nextBoolean()
                        ? InetAddress.getByAddress("any.test", bytes)
                        : Inet6Address.getByAddress("any.test", mapped, -1);
            }
            if (WITH_LINK_LOCAL.contains(zone) && random.nextBoolean()) {
                return Inet6Address.getByAddress("any.test", bytes, NetworkInterface.getByIndex(zone));
            }
            // What the system answers says where it heard it, also of addresses that are the same everywhere.
            int heardOn = isLinkLocal() ? zone : random.nextInt(2);
            return Inet6Address.getByAddress("any.test", bytes, heardOn == 0 ? -1 : heardOn);
        } catch (UnknownHostException | SocketException e) {
            throw new AssertionError(e);
        }
    }

    /** As a user may write it. */
    String text(RandomGenerator random) {
        String host = isIpv4() && random.nextBoolean()
                ? dotted(hex) + (random.nextBoolean() ? "." : "")
                : "[" + groups(isIpv4() ? MAPPED + hex : hex, random) + zoneText(random) + "]";
        return host + portText(port, random);
    }

    static String portText(int port, RandomGenerator random) {
        String digits = String.valueOf(port);
        String padded = "0".repeat(random.nextInt(6 - digits.length())) + digits;
        String text = port == 4403 && random.nextBoolean() ? "" : ":" + (random.nextBoolean() ? digits : padded);
        return text + (random.nextBoolean() ? "/" : "");
    }

    private String zoneText(RandomGenerator random) {
        if (zone == 0) {
            return "";
        }
        boolean byName = WITH_LINK_LOCAL.contains(zone) && random.nextBoolean();
        return "%" + (byName ? INTERFACES.get(zone) : (random.nextBoolean() ? "" : "0") + zone);
    }

    private static String dotted(String eight) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 8; i += 2) {
            parts.add(String.valueOf(Integer.parseInt(eight.substring(i, i + 2), 16)));
        }
        return String.join(".", parts);
    }

    /** Groups padded or not, in either case, any run of zeros left out or none, the end as an IPv4 address or not. */
    private static String groups(String hex, RandomGenerator random) {
        List<String> groups = new ArrayList<>();
        boolean dotted = random.nextBoolean();
        for (int i = 0; i < (dotted ? 6 : 8); i++) {
            String group = hex.substring(4 * i, 4 * i + 4);
            String shortest = Integer.toHexString(Integer.parseInt(group, 16));
            String written = random.nextBoolean() ? group : shortest;
            groups.add(random.nextBoolean() ? written : written.toUpperCase(Locale.ROOT));
        }
        int start = random.nextInt(groups.size());
        int end = start;
        while (end < groups.size() && groups.get(end).matches("0+")) {
            end++;
        }
        if (dotted) {
            groups.add(dotted(hex.substring(24)));
        }
        if (end == start || random.nextInt(4) == 0) {
            return String.join(":", groups);
        }
        return String.join(":", groups.subList(0, start)) + "::" + String.join(":", groups.subList(end, groups.size()));
    }
}
