package dev.meshlease;

import dev.meshlease.message.Cursor;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.NodeInfo;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the node told about itself and the mesh in its last handshake, and what has come since: of other nodes, how they were heard last and
 * what they said of themselves (user, position, device metrics); of the node itself, what it answered when a lease asked for a part of its
 * settings. A node does not tell changes by itself: what a lease has changed since is {@linkplain #stale marked}.
 *
 * <p><b>Secrets:</b> the configuration has channel keys, the Wi-Fi password and the node's private key. {@link #toString()} leaves them
 * out; do not print the parts.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param myInfo the node's number and build
 * @param generation the physical connection over which it was told
 * @param takenAt when the handshake was complete
 * @param nodesTakenAt when the nodes were told: earlier, if the handshake left them out and those of an earlier one were kept, see {@link
 *     LinkOptionsBuilder#keepNodeDatabase}
 * @param cursor its place in the stream of packets: all up to it is in this picture, and every packet after it is newer
 * @param metadata firmware version and abilities
 * @param nodes all nodes it knows, itself included, by id, in the order told
 * @param channels all channel slots, disabled ones included
 * @param configs the sections of its configuration
 * @param moduleConfigs the sections of its modules' configuration; firmware 2.7 sends some of them empty
 * @param stale what a lease of this link has told the node to change since the node told it. It stays marked, also if the node has refused
 *     the change, until the node answers a question for that part ({@link dev.meshlease.message.Request#config} and its like) that was
 *     asked afterwards, or tells everything in a new handshake. What others change, over the air or by an app, nobody tells
 */
public record NodeSnapshot(
        MyNodeInfo myInfo,
        long generation,
        Instant takenAt,
        Instant nodesTakenAt,
        Cursor cursor,
        DeviceMetadata metadata,
        Map<NodeId, NodeInfo> nodes,
        List<Channel> channels,
        List<Config> configs,
        List<ModuleConfig> moduleConfigs,
        Set<SettingsPart> stale) {
    public NodeSnapshot {
        Objects.requireNonNull(myInfo, "myInfo");
        Objects.requireNonNull(takenAt, "takenAt");
        Objects.requireNonNull(nodesTakenAt, "nodesTakenAt");
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(metadata, "metadata");
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        channels = List.copyOf(channels);
        configs = List.copyOf(configs);
        moduleConfigs = List.copyOf(moduleConfigs);
        stale = Set.copyOf(stale);
    }

    /** The node's own number. */
    public NodeId id() {
        return new NodeId(myInfo.getMyNodeNum());
    }

    /** What is known of one node. */
    public Optional<NodeInfo> node(NodeId id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /** The hop limit the node is configured with; messages without one of their own get it. */
    public int hopLimit() {
        return configs.stream()
                .filter(Config::hasLora)
                .map(config -> config.getLora().getHopLimit())
                .filter(hops -> hops > 0)
                .findFirst()
                .orElse(3);
    }

    /** One line without secrets. */
    @Override
    public String toString() {
        return "NodeSnapshot[" + id() + ", firmware " + metadata.getFirmwareVersion() + ", " + nodes.size() + " nodes, "
                + channels.size() + " channels, generation " + generation + ", taken " + takenAt
                + (nodesTakenAt.equals(takenAt) ? "" : ", nodes " + nodesTakenAt)
                + (stale.isEmpty() ? "" : ", stale: " + stale) + "]";
    }
}
