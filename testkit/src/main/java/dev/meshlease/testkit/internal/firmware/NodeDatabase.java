package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.testkit.internal.firmware.KnownNode.Datum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The other nodes that the node knows, in the order in which it came to know them. On the node's thread. */
final class NodeDatabase {
    /** More push out the one that was silent for longest, favourites last. */
    private static final int CAPACITY = 250;

    private final Map<Integer, KnownNode> nodes = new LinkedHashMap<>();

    int size() {
        return nodes.size();
    }

    List<NodeId> ids() {
        return nodes.keySet().stream().map(NodeId::new).toList();
    }

    Optional<KnownNode> find(int number) {
        return Optional.ofNullable(nodes.get(number));
    }

    /** The entry of a node, empty if it is new. */
    KnownNode at(int number) {
        KnownNode known = nodes.get(number);
        if (known == null) {
            NodeInfo empty = NodeInfo.newBuilder().setNum(number).build();
            known = new KnownNode(
                    DumpFrame.of(FromRadio.newBuilder().setNodeInfo(empty).build()));
            add(known);
        }
        return known;
    }

    private void add(KnownNode node) {
        if (nodes.size() >= CAPACITY) {
            nodes.values().stream()
                    .map(KnownNode::info)
                    .min(Comparator.comparing(NodeInfo::getIsFavorite)
                            .thenComparingLong(info -> Integer.toUnsignedLong(info.getLastHeard())))
                    .ifPresent(oldest -> nodes.remove(oldest.getNum()));
        }
        nodes.put(node.info().getNum(), node);
    }

    /** Takes over what was recorded or stored: entries, and packets of the nodes they are about. What is about no node is left out. */
    void restore(DumpFrame frame) {
        NodeInfo info = frame.message().getNodeInfo();
        MeshPacket packet = frame.message().getPacket();
        if (NodeState.isNode(info.getNum())) {
            nodes.remove(info.getNum());
            add(new KnownNode(frame));
        } else if (NodeState.isNode(packet.getFrom())) {
            at(packet.getFrom()).said(packet.getDecoded());
        }
    }

    void remove(int number) {
        nodes.remove(number);
    }

    void clear(boolean butFavourites) {
        nodes.values().removeIf(node -> !butFavourites || !node.info().getIsFavorite());
    }

    /** The entries for a state dump. */
    Stream<DumpFrame> frames(boolean thin) {
        return nodes.values().stream().map(thin ? KnownNode::thinFrame : KnownNode::frame);
    }

    /** What the nodes have said of themselves, said again: all positions, then all telemetry, and so on. */
    List<MeshPacket> repeats() {
        return repeats(Datum.values());
    }

    /** What must be kept besides the entries. */
    List<MeshPacket> unlisted() {
        return repeats(Datum.ENVIRONMENT, Datum.STATUS);
    }

    private List<MeshPacket> repeats(Datum... wanted) {
        List<MeshPacket> packets = new ArrayList<>();
        for (Datum datum : wanted) {
            nodes.values().stream()
                    .map(node -> node.repeat(datum))
                    .filter(Objects::nonNull)
                    .forEach(packets::add);
        }
        return packets;
    }
}
