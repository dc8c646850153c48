package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The other nodes within reach, and what passes between them and the node. On the node's thread. */
public final class Mesh {
    private static final float SNR = 6.25f;
    private static final int RSSI = -42;
    private static final int HOPS = 3;

    private final Firmware firmware;
    private final Map<NodeId, Peer> peers = new LinkedHashMap<>();

    /** Another node. */
    public static final class Peer {
        public final NodeId id;
        public boolean answering = true;

        Peer(NodeId id) {
            this.id = id;
        }
    }

    Mesh(Firmware firmware, List<NodeId> onAir) {
        this.firmware = firmware;
        onAir.forEach(id -> peers.put(id, new Peer(id)));
    }

    /** A node within reach; one that the node did not know has introduced itself already. */
    public Peer peer(NodeId id) {
        if (id.isBroadcast()
                || id.number() == 0
                || id.number() == firmware.state().number()) {
            throw new IllegalArgumentException(id + " is no other node. A peer needs a number of its own.");
        }
        return peers.computeIfAbsent(id, unknown -> {
            if (firmware.state().node(id.number()).filter(NodeInfo::hasUser).isEmpty()) {
                firmware.state().put(DefaultDump.node(id, firmware.epochSeconds()));
            }
            return new Peer(unknown);
        });
    }

    /** A peer sends something that reaches the node. */
    public void sends(NodeId from, int to, Data data) {
        MeshPacket.Builder packet = onAir(from.number(), to, data);
        if (to == firmware.state().number()
                && isPrivate(data)
                && firmware.state().hasKeyOf(from.number())) {
            firmware.state()
                    .node(from.number())
                    .ifPresent(info -> packet.setPkiEncrypted(true)
                            .setPublicKey(info.getUser().getPublicKey()));
        }
        receive(packet.build());
    }

    private static boolean isPrivate(Data data) {
        return switch (data.getPortnumValue()) {
            case PortNum.TRACEROUTE_APP_VALUE,
                    PortNum.NODEINFO_APP_VALUE,
                    PortNum.ROUTING_APP_VALUE,
                    PortNum.POSITION_APP_VALUE -> false;
            default -> true;
        };
    }

    private MeshPacket.Builder onAir(int from, int to, Data data) {
        return MeshPacket.newBuilder()
                .setFrom(from)
                .setTo(to)
                .setId(firmware.newPacketId())
                .setRxTime(firmware.epochSeconds())
                .setRxSnr(SNR)
                .setRxRssi(RSSI)
                .setHopLimit(HOPS)
                .setHopStart(HOPS)
                .setTransportMechanism(MeshPacket.TransportMechanism.TRANSPORT_LORA)
                .setDecoded(data.toBuilder().setBitfield(0));
    }

    /** The node hears a packet: it learns from it and keeps it for its client. */
    void receive(MeshPacket packet) {
        if (!firmware.isUp()) {
            return;
        }
        int own = firmware.state().number();
        if (packet.getFrom() == own) {
            // our own broadcast, repeated by somebody
            if (firmware.radio().heard(packet.getId())) {
                firmware.verdict(packet.getId(), Routing.Error.NONE);
            }
            return;
        }
        if (!firmware.state().heard(packet)) {
            return;
        }
        if (packet.getTo() == own && packet.getDecoded().getRequestId() != 0) {
            firmware.radio().heard(packet.getDecoded().getRequestId());
        }
        firmware.toPhone(packet);
        if (packet.getTo() == own && packet.getDecoded().getPortnum() == PortNum.ADMIN_APP) {
            firmware.modules().handle(packet);
        }
    }

    /** The node has transmitted; whoever hears it may answer. */
    void hears(MeshPacket packet) {
        firmware.host().schedule(firmware.nanos(Switch.MESH_DELAY), () -> answer(packet));
    }

    private void answer(MeshPacket packet) {
        if (packet.getTo() == NodeId.BROADCAST.number()) {
            boolean repeated =
                    packet.getHopLimit() > 0 && peers.values().stream().anyMatch(peer -> peer.answering);
            if (repeated && firmware.radio().heard(packet.getId())) {
                firmware.verdict(packet.getId(), Routing.Error.NONE);
            }
            return;
        }
        Peer peer = peers.get(new NodeId(packet.getTo()));
        if (peer == null || !peer.answering) {
            return;
        }
        Data answer = PeerAnswers.to(packet, peer.id, firmware.epochSeconds());
        if (answer != null) {
            sends(peer.id, firmware.state().number(), answer);
        } else if (packet.getWantAck()) {
            sends(peer.id, firmware.state().number(), Firmware.routing(packet.getId(), Routing.Error.NONE));
        }
    }
}
