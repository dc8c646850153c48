package dev.meshlease.testkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.internal.firmware.DumpFrame;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.internal.firmware.NodeState;
import dev.meshlease.testkit.internal.firmware.TimedPacket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cuts what a recorded node wrote into messages, and sorts them into handshakes and traffic. */
final class RecordedFrames {
    private static final int CONFIG_ONLY = 69420;
    private static final int NODES_ONLY = 69421;

    private final String source;
    private final Map<String, Connection> connections = new HashMap<>();
    private final List<TimedPacket> packets = new ArrayList<>();
    private List<DumpFrame> lastFull = List.of();

    /** What is under way on one connection. */
    private static final class Connection {
        final NodeFraming framing = new NodeFraming();
        List<DumpFrame> handshake = new ArrayList<>();
    }

    RecordedFrames(String source) {
        this.source = source;
    }

    void add(RecordingLines.Received received) {
        Connection connection = connections.computeIfAbsent(received.connection(), name -> new Connection());
        for (byte next : received.bytes()) {
            byte[] payload = connection.framing.take(next);
            if (payload != null) {
                try {
                    sort(connection, received.atNanos(), DumpFrame.parse(ByteString.copyFrom(payload)));
                } catch (InvalidProtocolBufferException malformed) {
                    throw new IllegalArgumentException(
                            source + ", line " + received.line() + ": the node's bytes hold a frame that is no message",
                            malformed);
                }
            }
        }
    }

    private void sort(Connection connection, long atNanos, DumpFrame frame) {
        FromRadio message = frame.message();
        switch (message.getPayloadVariantCase()) {
            case MY_INFO -> {
                connection.handshake = new ArrayList<>();
                connection.handshake.add(frame);
            }
            case NODE_INFO, CONFIG, MODULECONFIG, CHANNEL, METADATA, FILEINFO, DEVICEUICONFIG, REGION_PRESETS ->
                connection.handshake.add(frame);
            case CONFIG_COMPLETE_ID -> {
                if (isFull(connection.handshake, message.getConfigCompleteId())) {
                    lastFull = List.copyOf(connection.handshake);
                }
                connection.handshake = new ArrayList<>();
            }
            case PACKET -> packets.add(new TimedPacket(atNanos, message.getPacket()));
            default -> {
                // queue statuses and log lines belong to that client and that moment
            }
        }
    }

    private static boolean isFull(List<DumpFrame> handshake, int nonce) {
        return nonce != CONFIG_ONLY
                && nonce != NODES_ONLY
                && !handshake.isEmpty()
                && NodeState.isNode(handshake.get(0).message().getMyInfo().getMyNodeNum());
    }

    List<DumpFrame> lastFullHandshake() {
        if (lastFull.isEmpty()) {
            throw new IllegalArgumentException(
                    source + ": no full handshake completes in this recording, from my_info to"
                            + " config_complete_id, so there is nothing a simulated node could say");
        }
        return lastFull;
    }

    /** The packets of the mesh: nothing the node told its client on its own account, and no echo of the client's own. */
    List<TimedPacket> traffic(int own) {
        List<TimedPacket> traffic = new ArrayList<>();
        long first = 0;
        for (TimedPacket timed : packets) {
            MeshPacket packet = timed.packet();
            if (packet.getFrom() == own || packet.getDecoded().getPortnum() == PortNum.SIMULATOR_APP) {
                continue;
            }
            if (traffic.isEmpty()) {
                first = timed.atNanos();
            }
            traffic.add(new TimedPacket(timed.atNanos() - first, packet));
        }
        return List.copyOf(traffic);
    }
}
