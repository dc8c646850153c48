package dev.meshlease.internal.registry;

import dev.meshlease.LeaseInfo;
import java.util.List;
import java.util.TreeSet;

/** The picture as text, for a log or a terminal. */
final class Description {
    private Description() {}

    static String of(List<SharedLink> links, boolean closed) {
        StringBuilder text =
                new StringBuilder(closed ? "Registry, closed" : "Registry with " + links.size() + " links");
        links.forEach(link -> text.append('\n').append(of(link).indent(2).stripTrailing()));
        return text.toString();
    }

    static String of(SharedLink link) {
        StringBuilder text = new StringBuilder();
        text.append(link.status())
                .append("\n  keys ")
                .append(new TreeSet<>(link.keys()))
                .append("\n  wire: ")
                .append(link.wire());
        if (link.snapshot() != null) {
            text.append("\n  node: ").append(link.snapshot());
        }
        link.leases().forEach(lease -> text.append("\n  ").append(line(lease)));
        return text.toString();
    }

    private static String line(LeaseInfo lease) {
        return "lease " + lease.number() + " '" + lease.holder() + "' since " + lease.since() + ": "
                + lease.subscriptions() + " subscriptions, " + lease.delivered() + " delivered, " + lease.dropped()
                + " dropped, " + lease.queued() + " queued, " + lease.inFlight() + " in flight";
    }
}
