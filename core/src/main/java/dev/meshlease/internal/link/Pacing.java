package dev.meshlease.internal.link;

import dev.meshlease.proto.PortNum;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The intervals that a node demands between packets on the same port. It drops what comes sooner, mostly with an answer that looks like
 * success, so packets are delayed here instead. Counted from when the node has read the previous packet, as far as that is known: from its
 * verdict, another sign of its reading, or the end of the connection. Kept across generations.
 */
final class Pacing {
    private final Map<Integer, Long> notBeforeNanos = new HashMap<>();

    /** How long the node wants between two packets on a port; source: the firmware's checks on packets from clients. */
    static long intervalNanos(int port) {
        return switch (port) {
            case PortNum.TEXT_MESSAGE_APP_VALUE -> TimeUnit.SECONDS.toNanos(2);
            case PortNum.POSITION_APP_VALUE,
                    PortNum.TELEMETRY_APP_VALUE,
                    PortNum.WAYPOINT_APP_VALUE,
                    PortNum.ALERT_APP_VALUE -> TimeUnit.SECONDS.toNanos(10);
            case PortNum.TRACEROUTE_APP_VALUE -> TimeUnit.SECONDS.toNanos(30);
            default -> 0;
        };
    }

    /** When a packet on this port may go, or {@code nowNanos} if it may go at once. */
    long dueNanos(int port, long nowNanos) {
        Long due = notBeforeNanos.get(port);
        return due == null || due - nowNanos <= 0 ? nowNanos : due;
    }

    /** The node has read a packet on this port. */
    void read(int port, Moment now) {
        long interval = intervalNanos(port);
        if (interval > 0) {
            notBeforeNanos.put(port, now.nanos() + interval);
        }
    }
}
