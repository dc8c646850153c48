package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What one session may send: no packet id twice within twenty, and not too much of a kind. On the node's thread. */
public final class SendLimits {
    private static final int IDS = 20;
    private static final Duration TEXT = Duration.ofSeconds(2);
    private static final Duration REPORT = Duration.ofSeconds(10);
    private static final Duration TRACEROUTE = Duration.ofSeconds(30);

    private final Deque<Integer> ids = new ArrayDeque<>();
    private final Map<Integer, Long> lastByPort = new HashMap<>();

    enum Verdict {
        ACCEPTED,
        REPORT_TOO_SOON,
        TEXT_TOO_SOON,
        TRACEROUTE_TOO_SOON,
        TRACEROUTE_TO_ALL
    }

    /** Whether this id was seen lately; remembers it. Id 0 is no id. */
    boolean isRepeated(int id) {
        if (id == 0) {
            return false;
        }
        if (ids.contains(id)) {
            return true;
        }
        if (ids.size() == IDS) {
            ids.removeFirst();
        }
        ids.addLast(id);
        return false;
    }

    /** Judges a packet. Only an accepted one starts a new interval. */
    Verdict judge(MeshPacket packet, long nowNanos) {
        int port = packet.getDecoded().getPortnumValue();
        boolean soon = switch (port) {
            case PortNum.TEXT_MESSAGE_APP_VALUE -> within(TEXT, port, nowNanos);
            case PortNum.TRACEROUTE_APP_VALUE -> within(TRACEROUTE, port, nowNanos);
            case PortNum.POSITION_APP_VALUE,
                    PortNum.WAYPOINT_APP_VALUE,
                    PortNum.ALERT_APP_VALUE,
                    PortNum.TELEMETRY_APP_VALUE -> within(REPORT, port, nowNanos);
            default -> false;
        };
        if (port == PortNum.TRACEROUTE_APP_VALUE) {
            if (soon) {
                return Verdict.TRACEROUTE_TOO_SOON;
            }
            if (packet.getTo() == NodeId.BROADCAST.number() && packet.getHopLimit() > 0) {
                return Verdict.TRACEROUTE_TO_ALL;
            }
        } else if (soon) {
            return port == PortNum.TEXT_MESSAGE_APP_VALUE ? Verdict.TEXT_TOO_SOON : Verdict.REPORT_TOO_SOON;
        }
        lastByPort.put(port, nowNanos);
        return Verdict.ACCEPTED;
    }

    private boolean within(Duration interval, int port, long nowNanos) {
        Long last = lastByPort.get(port);
        return last != null && nowNanos - last < interval.toNanos();
    }
}
