package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.Switch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The peers of the node, and what passes between them and the node. On the node's thread. */
public final class Peers {
    static final float SNR = 6.25f;
    /** What any packet has room for. */
    private static final int MAX_PAYLOAD = 233;

    private final Firmware firmware;
    private final Air air;
    private final Map<NodeId, Peer> peers = new LinkedHashMap<>();

    Peers(Firmware firmware, Air air) {
        this.firmware = firmware;
        this.air = air;
        firmware.profile()
                .onAir()
                .forEach(id -> peers.put(id, new Peer(id, entry(id).getUser())));
    }

    /** All other nodes of the database that have no thread of their own. */
    public List<Peer> all() {
        return firmware.state().others().stream()
                .filter(id -> !air.isMember(id))
                .map(this::peer)
                .toList();
    }

    /** A node within reach; one that the node did not know has introduced itself already. */
    public Peer peer(NodeId id) {
        Peer known = peers.get(id);
        if (known != null) {
            return known;
        }
        if (!NodeState.isNode(id.number()) || id.number() == firmware.state().number()) {
            throw new IllegalArgumentException(id + " is no other node. A peer needs a number of its own.");
        }
        if (air.isMember(id)) {
            throw new IllegalArgumentException(
                    id + " is a simulated node of the same mesh. Let a client of that node speak for it.");
        }
        NodeInfo entry = entry(id);
        firmware.state().put(entry);
        Peer peer = new Peer(id, entry.getUser());
        peers.put(id, peer);
        return peer;
    }

    /** What the node knows of another, or will once that has introduced itself. */
    private NodeInfo entry(NodeId id) {
        return firmware.state()
                .node(id.number())
                .filter(NodeInfo::hasUser)
                .orElseGet(() -> DefaultDump.node(id, firmware.epochSeconds()));
    }

    /** A peer sends something that reaches the node. */
    public void sends(Peer from, int to, Data data) {
        sends(from, to, 0, data);
    }

    /** A peer says to everybody who it is, from now on. */
    public void introduces(Peer peer, User user) {
        broadcast(peer, PortNum.NODEINFO_APP, user.toByteString());
        peer.user(user);
    }

    /** A peer says to everybody where it is, from now on. */
    public void moves(Peer peer, Position position) {
        peer.position(position);
        broadcast(peer, PortNum.POSITION_APP, PeerAnswers.position(peer, firmware.epochSeconds()));
    }

    /** A peer says to everybody what it measures, from now on. */
    public void reports(Peer peer, Telemetry telemetry) {
        broadcast(peer, PortNum.TELEMETRY_APP, PeerAnswers.dated(telemetry, firmware.epochSeconds()));
        peer.telemetry(telemetry);
    }

    private void broadcast(Peer peer, PortNum port, ByteString payload) {
        sends(
                peer,
                NodeId.BROADCAST.number(),
                Data.newBuilder().setPortnum(port).setPayload(payload).build());
    }

    private void sends(Peer from, int to, int channel, Data data) {
        if (data.getPayload().size() > MAX_PAYLOAD) {
            throw new IllegalArgumentException("A packet holds " + MAX_PAYLOAD + " bytes, not the "
                    + data.getPayload().size() + " that " + from.id() + " is to send. Say less");
        }
        MeshPacket onAir = MeshPacket.newBuilder()
                .setFrom(from.id().number())
                .setTo(to)
                .setId(firmware.newPacketId())
                .setChannel(channel)
                .setHopLimit(from.hopLimit())
                .setHopStart(from.hopStart())
                .setRelayNode(Packets.lastByte(from.voice().number()))
                .setDecoded(data.toBuilder().setBitfield(0))
                .build();
        MeshPacket.Builder packet = Packets.heard(onAir, SNR, firmware.epochSeconds());
        if (to == firmware.state().number()
                && !firmware.is(Switch.SIMULATED_RADIO)
                && Packets.isPrivate(data)
                && firmware.state().hasKeyOf(from.id().number())) {
            packet.setPkiEncrypted(true)
                    .setPublicKey(firmware.state().keyOf(from.id().number()));
        }
        reaches(packet);
    }

    private void reaches(MeshPacket.Builder packet) {
        if (firmware.isUp()) {
            firmware.router().hear(packet.build());
        }
    }

    /** The node has transmitted; whoever hears it may repeat or answer it, even if the node restarts meanwhile. */
    void hear(MeshPacket packet) {
        long hop = firmware.nanos(Switch.MESH_DELAY);
        if (packet.getFrom() == firmware.state().number()) {
            firmware.world().schedule(hop, () -> repeat(packet));
        }
        Peer addressee = peers.get(new NodeId(packet.getTo()));
        if (addressee != null
                && addressee.isAnswering()
                && packet.getHopLimit() >= addressee.via().size()
                && addressee.takes(packet.getId())) {
            firmware.world().schedule(addressee.answerNanos(hop), () -> {
                addressee.hasAnswered(packet.getId());
                answer(packet, addressee);
            });
        }
    }

    /** Neighbours repeat what is for all; what is for one node, only those do that are on the way to it. */
    private void repeat(MeshPacket packet) {
        NodeId relay = relay(packet);
        if (relay != null && packet.getHopLimit() > 0) {
            reaches(Packets.heard(packet, SNR, firmware.epochSeconds())
                    .setHopLimit(packet.getHopLimit() - 1)
                    .setRelayNode(Packets.lastByte(relay.number())));
        }
    }

    private @Nullable NodeId relay(MeshPacket packet) {
        if (packet.getTo() == NodeId.BROADCAST.number()) {
            return peers.values().stream()
                    .filter(peer -> peer.isNeighbour() && peer.isAnswering())
                    .map(Peer::id)
                    .findFirst()
                    .orElse(null);
        }
        Peer addressee = peers.get(new NodeId(packet.getTo()));
        return addressee == null || addressee.isNeighbour() ? null : addressee.voice();
    }

    private void answer(MeshPacket packet, Peer peer) {
        Data answer = PeerAnswers.to(packet, peer, firmware.epochSeconds());
        int channel = packet.getPkiEncrypted() ? 0 : packet.getChannel();
        boolean isReply = answer != null && answer.getPortnum() != PortNum.ROUTING_APP;
        if (!isReply && packet.getWantAck()) {
            sends(peer, packet.getFrom(), channel, Packets.routing(packet.getId(), Routing.Error.NONE));
        }
        if (answer != null) {
            sends(peer, packet.getFrom(), channel, answer);
        }
    }
}
