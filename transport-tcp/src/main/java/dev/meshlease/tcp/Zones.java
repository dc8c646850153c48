package dev.meshlease.tcp;

import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The network interfaces of this machine as zones of link-local addresses, by name: numbers change when one is plugged in again. */
final class Zones {
    private Zones() {}

    /** {@code %eth0}, or nothing if the address has no zone. A number without an interface stays a number. */
    static String of(Inet6Address address) {
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

    /** All through which a link-local address can be reached: those that have one themselves. */
    static List<String> all() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(each -> each.inetAddresses()
                            .anyMatch(own -> own instanceof Inet6Address && own.isLinkLocalAddress()))
                    .map(each -> "%" + each.getName())
                    .toList();
        } catch (SocketException e) {
            return List.of(); // no interface, no way there
        }
    }
}
