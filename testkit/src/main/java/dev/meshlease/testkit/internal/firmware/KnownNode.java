package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the node knows of another one: its entry in the state dump, and what only firmware 2.8 tells, in packets. On the node's thread. */
final class KnownNode {
    private static final int MAC_BYTES = 6;
    private static final int HOPS = 3;

    private DumpFrame frame;
    private ByteString environment = ByteString.EMPTY;
    private ByteString status = ByteString.EMPTY;

    /** What firmware 2.8 repeats of a node, in its order. */
    enum Datum {
        POSITION(PortNum.POSITION_APP),
        DEVICE(PortNum.TELEMETRY_APP),
        ENVIRONMENT(PortNum.TELEMETRY_APP),
        STATUS(PortNum.NODE_STATUS_APP);

        private final PortNum port;

        Datum(PortNum port) {
            this.port = port;
        }
    }

    KnownNode(DumpFrame frame) {
        this.frame = frame;
    }

    DumpFrame frame() {
        return frame;
    }

    NodeInfo info() {
        return frame.message().getNodeInfo();
    }

    void info(NodeInfo info) {
        frame = DumpFrame.of(FromRadio.newBuilder().setNodeInfo(info).build());
    }

    /** The entry without what firmware 2.8 keeps out of the state dump. */
    DumpFrame thinFrame() {
        NodeInfo info = info();
        if (!info.hasPosition() && !info.hasDeviceMetrics()) {
            return frame;
        }
        NodeInfo thin = info.toBuilder().clearPosition().clearDeviceMetrics().build();
        return DumpFrame.of(FromRadio.newBuilder().setNodeInfo(thin).build());
    }

    /** Learns from a packet of this node: how it is heard, and what it says of itself. */
    void heard(MeshPacket packet) {
        NodeInfo.Builder entry = info().toBuilder()
                .setSnr(packet.getRxSnr())
                .setChannel(packet.getChannel())
                .setViaMqtt(packet.getViaMqtt());
        if (packet.getRxTime() != 0) {
            entry.setLastHeard(packet.getRxTime());
        }
        if (packet.getHopStart() >= packet.getHopLimit() && packet.getHopStart() > 0) {
            entry.setHopsAway(packet.getHopStart() - packet.getHopLimit());
        }
        info(entry.build());
        said(packet.getDecoded());
    }

    /** Learns what the node says of itself. */
    void said(Data data) {
        NodeInfo.Builder entry = info().toBuilder();
        try {
            learn(data, entry);
            info(entry.build());
        } catch (InvalidProtocolBufferException malformed) {
            // then it has said nothing
        }
    }

    private void learn(Data said, NodeInfo.Builder entry) throws InvalidProtocolBufferException {
        switch (said.getPortnumValue()) {
            case PortNum.NODEINFO_APP_VALUE -> entry.setUser(introduced(User.parseFrom(said.getPayload())));
            case PortNum.POSITION_APP_VALUE -> {
                Position position = Position.parseFrom(said.getPayload());
                if (position.getLatitudeI() != 0 || position.getLongitudeI() != 0) {
                    entry.setPosition(kept(position));
                }
            }
            case PortNum.TELEMETRY_APP_VALUE -> {
                Telemetry telemetry = Telemetry.parseFrom(said.getPayload());
                if (telemetry.hasDeviceMetrics()) {
                    entry.setDeviceMetrics(telemetry.getDeviceMetrics());
                } else if (telemetry.hasEnvironmentMetrics()) {
                    environment = said.getPayload();
                }
            }
            case PortNum.NODE_STATUS_APP_VALUE -> status = said.getPayload();
            default -> {
                // nothing about the node itself
            }
        }
    }

    private User introduced(User user) {
        User.Builder kept = user.toBuilder().setId(new NodeId(info().getNum()).toString());
        if (user.getMacaddr().isEmpty()) {
            kept.setMacaddr(ByteString.copyFrom(new byte[MAC_BYTES]));
        }
        return kept.build();
    }

    /** The fields that firmware keeps. */
    static Position kept(Position position) {
        Position.Builder kept = Position.newBuilder()
                .setLatitudeI(position.getLatitudeI())
                .setLongitudeI(position.getLongitudeI())
                .setTime(position.getTime())
                .setLocationSourceValue(position.getLocationSourceValue());
        if (position.hasAltitude()) {
            kept.setAltitude(position.getAltitude());
        }
        return kept.build();
    }

    /** Forgets all but the identity, as for a node that is to be ignored. */
    void silence() {
        info(info().toBuilder()
                .setIsIgnored(true)
                .clearPosition()
                .clearDeviceMetrics()
                .build());
        environment = ByteString.EMPTY;
        status = ByteString.EMPTY;
    }

    /** A packet that says again what the node once said; always the same id for the same kind. Null if it never said it. */
    @Nullable
    MeshPacket repeat(Datum datum) {
        NodeInfo info = info();
        ByteString payload = switch (datum) {
            case POSITION -> info.hasPosition() ? info.getPosition().toByteString() : ByteString.EMPTY;
            case DEVICE ->
                info.hasDeviceMetrics()
                        ? Telemetry.newBuilder()
                                .setDeviceMetrics(info.getDeviceMetrics())
                                .build()
                                .toByteString()
                        : ByteString.EMPTY;
            case ENVIRONMENT -> environment;
            case STATUS -> status;
        };
        if (payload.isEmpty()) {
            return null;
        }
        MeshPacket.Builder packet = MeshPacket.newBuilder()
                .setFrom(info.getNum())
                .setTo(NodeId.BROADCAST.number())
                .setId(Objects.hash(info.getNum(), datum.name()) | 1)
                .setChannel(info.getChannel())
                .setRxSnr(info.getSnr())
                .setHopLimit(Math.max(0, HOPS - info.getHopsAway()))
                .setHopStart(Math.max(HOPS, info.getHopsAway()))
                .setPriority(MeshPacket.Priority.BACKGROUND)
                .setTransportMechanism(MeshPacket.TransportMechanism.TRANSPORT_LORA)
                .setDecoded(Data.newBuilder().setPortnum(datum.port).setPayload(payload));
        if (info.getLastHeard() != 0) {
            packet.setRxTime(info.getLastHeard());
        }
        return packet.build();
    }
}
