package dev.meshlease.internal.registry;

import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.WirePacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a node and its mesh: what it told in its handshake, kept up to date from what comes since. The immutable picture is made
 * when somebody asks and something has changed.
 *
 * <p><b>Threading:</b> the loop writes, anybody reads, under this object's monitor, a leaf.
 */
final class NodeBook {
    private final Map<Integer, KnownNode> nodes = new LinkedHashMap<>();
    private final KnownSettings settings = new KnownSettings();
    private @Nullable NodeSnapshot told;
    private @Nullable NodeSnapshot picture;
    private Cursor cursor = new Cursor(0, 0);

    /** The picture of now; null before the first handshake. */
    synchronized @Nullable NodeSnapshot snapshot() {
        NodeSnapshot last = told;
        if (picture == null && last != null) {
            Map<NodeId, NodeInfo> all = new LinkedHashMap<>();
            nodes.forEach((number, node) -> all.put(new NodeId(number), node.info()));
            picture = settings.picture(last, all, cursor);
        }
        return picture;
    }

    /** All nodes, as they are known now. */
    synchronized List<NodeInfo> nodes() {
        return nodes.values().stream().map(KnownNode::info).toList();
    }

    /**
     * A handshake is complete. Nodes that it left out, and that are therefore those of an earlier one, stay as they are known by now.
     *
     * @return those that were not known as they are told now
     */
    synchronized List<NodeInfo> handshake(NodeSnapshot fresh) {
        boolean areKept = !fresh.nodesTakenAt().equals(fresh.takenAt());
        Map<Integer, KnownNode> former = new LinkedHashMap<>(nodes);
        List<NodeInfo> news = new ArrayList<>();
        nodes.clear();
        fresh.nodes().forEach((id, info) -> {
            KnownNode known = former.get(id.number());
            boolean stays = areKept && known != null && !id.equals(fresh.id());
            nodes.put(id.number(), stays && known != null ? known : new KnownNode(info));
            if (!stays && !KnownNode.isKnown(known, info)) {
                news.add(info);
            }
        });
        if (areKept) {
            former.forEach(nodes::putIfAbsent);
        }
        told = fresh;
        settings.told(fresh, areKept);
        cursor = fresh.cursor();
        picture = null;
        return news;
    }

    /**
     * A packet came from the node.
     *
     * @return the node that is known better by now, if there is one
     */
    synchronized Optional<KnownNode> heard(InboundPacket packet) {
        cursor = packet.cursor();
        picture = null;
        NodeSnapshot last = told;
        WirePacket wire = packet.wire();
        int from = wire.from();
        if (last == null
                || packet.port() == InboundPacket.PORT_ENCRYPTED
                || from == 0
                || from == NodeId.BROADCAST.number()) {
            return Optional.empty(); // What cannot be read may be from anybody.
        }
        boolean isOwn = from == last.id().number();
        if (isOwn && packet.port() == PortNum.ADMIN_APP_VALUE) {
            settings.answered(wire.proto().getDecoded())
                    .ifPresent(owner -> node(from).named(owner));
        }
        KnownNode node = node(from);
        if (!isOwn) {
            node.heard(packet);
        }
        node.said(wire);
        return Optional.of(node);
    }

    private KnownNode node(int number) {
        return nodes.computeIfAbsent(number, KnownNode::of);
    }

    /** A lease has sent a packet. */
    synchronized void sent(InboundPacket packet) {
        cursor = packet.cursor();
        picture = null;
        NodeSnapshot last = told;
        if (last != null && packet.wire().to() == last.id().number()) {
            settings.sent(packet);
        }
    }
}
