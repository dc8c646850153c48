package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What one session may send: no packet id twice within the last few, and not too much of a kind. On the node's thread. */
public final class SendLimits {
    private final Behaviour behaviour;
    private final Deque<Integer> ids = new ArrayDeque<>();
    private final Map<Integer, Long> lastByPort = new HashMap<>();

    enum Verdict {
        ACCEPTED,
        REPORT_TOO_SOON,
        TEXT_TOO_SOON,
        TRACEROUTE_TOO_SOON,
        TRACEROUTE_TO_ALL
    }

    SendLimits(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    /** Whether this id was seen lately; remembers it. Id 0 is no id. */
    boolean isRepeated(int id) {
        if (id == 0) {
            return false;
        }
        if (ids.contains(id)) {
            return true;
        }
        ids.addLast(id);
        if (ids.size() > behaviour.get(Switch.ID_MEMORY)) {
            ids.removeFirst();
        }
        return false;
    }

    /** Has the next packet of each kind not come too soon. */
    void forgetTimes() {
        lastByPort.clear();
    }

    /** Judges a packet. Only an accepted one starts a new interval. */
    Verdict judge(MeshPacket packet, long nowNanos) {
        int port = packet.getDecoded().getPortnumValue();
        return switch (port) {
            case PortNum.TEXT_MESSAGE_APP_VALUE -> judge(port, Switch.TEXT_INTERVAL, nowNanos, Verdict.TEXT_TOO_SOON);
            case PortNum.POSITION_APP_VALUE,
                    PortNum.WAYPOINT_APP_VALUE,
                    PortNum.ALERT_APP_VALUE,
                    PortNum.TELEMETRY_APP_VALUE ->
                judge(port, Switch.REPORT_INTERVAL, nowNanos, Verdict.REPORT_TOO_SOON);
            case PortNum.TRACEROUTE_APP_VALUE ->
                packet.getTo() == NodeId.BROADCAST.number() && packet.getHopLimit() != 0
                        ? Verdict.TRACEROUTE_TO_ALL
                        : judge(port, Switch.TRACEROUTE_INTERVAL, nowNanos, Verdict.TRACEROUTE_TOO_SOON);
            default -> Verdict.ACCEPTED;
        };
    }

    private Verdict judge(int port, Switch<Duration> interval, long nowNanos, Verdict tooSoon) {
        Long last = lastByPort.get(port);
        if (last != null && nowNanos - last < behaviour.get(interval).toNanos()) {
            return tooSoon;
        }
        lastByPort.put(port, nowNanos);
        return Verdict.ACCEPTED;
    }
}
