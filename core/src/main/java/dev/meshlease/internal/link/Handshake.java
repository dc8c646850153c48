package dev.meshlease.internal.link;

import dev.meshlease.HandshakeProgress;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.NodeInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One configuration download: what the node told between {@code want_config_id} and the matching {@code config_complete_id}.
 *
 * <p>Sections may come in any order, repeated or empty: the last of each kind counts. Mesh packets do not come in between by the
 * firmware's rules, except leftovers of an earlier session on a serial port; they are held, not lost.
 */
final class Handshake {
    private static final int MAX_HELD_PACKETS = 256;
    // What the firmware takes as a wish for a part of the configuration.
    static final int NONCE_WITHOUT_NODES = 69420;
    private static final int NONCE_NODES_ONLY = 69421;

    private final int nonce;
    private final @Nullable NodeSnapshot former;
    private final Map<NodeId, NodeInfo> nodes = new LinkedHashMap<>();
    private final Map<Integer, Channel> channels = new TreeMap<>();
    private final Map<Config.PayloadVariantCase, Config> configs = new LinkedHashMap<>();
    private final Map<ModuleConfig.PayloadVariantCase, ModuleConfig> moduleConfigs = new LinkedHashMap<>();
    private final List<MeshPacket> held = new ArrayList<>();
    private @Nullable MyNodeInfo myInfo;
    private DeviceMetadata metadata = DeviceMetadata.getDefaultInstance();
    private int messages;
    private int lost;

    /**
     * @param former where the nodes are known from that this one leaves out
     */
    Handshake(int nonce, @Nullable NodeSnapshot former) {
        this.nonce = nonce;
        this.former = former;
    }

    int nonce() {
        return nonce;
    }

    /** A nonce of its own for each connection, so that what a former one asked for is not taken for the answer. */
    static int nonce(boolean withNodes, RandomGenerator random) {
        if (!withNodes) {
            return NONCE_WITHOUT_NODES;
        }
        int nonce;
        do {
            nonce = random.nextInt();
        } while (nonce == 0 || nonce == NONCE_WITHOUT_NODES || nonce == NONCE_NODES_ONLY);
        return nonce;
    }

    /**
     * Takes one message.
     *
     * @return whether it was the last one
     */
    boolean accept(FromRadio message) {
        messages++;
        switch (message.getPayloadVariantCase()) {
            case MY_INFO -> myInfo = message.getMyInfo();
            case METADATA -> metadata = message.getMetadata();
            case NODE_INFO -> nodes.put(new NodeId(message.getNodeInfo().getNum()), message.getNodeInfo());
            case CHANNEL -> channels.put(message.getChannel().getIndex(), message.getChannel());
            case CONFIG -> configs.put(message.getConfig().getPayloadVariantCase(), message.getConfig());
            case MODULECONFIG ->
                moduleConfigs.put(message.getModuleConfig().getPayloadVariantCase(), message.getModuleConfig());
            case PACKET -> hold(message.getPacket());
            case CONFIG_COMPLETE_ID -> {
                return message.getConfigCompleteId() == nonce;
            }
            default -> {} // Of no use for the snapshot: files, UI settings, what later firmware adds.
        }
        return false;
    }

    private void hold(MeshPacket packet) {
        if (held.size() < MAX_HELD_PACKETS) {
            held.add(packet);
        } else {
            lost++;
        }
    }

    /** How many packets came in between that there was no room for. */
    int lostPackets() {
        return lost;
    }

    /** Whether any of the answer has come. */
    boolean hasBegun() {
        return myInfo != null || !nodes.isEmpty() || !channels.isEmpty() || !configs.isEmpty();
    }

    /** Whether the node told who it is; without that a complete handshake is worth nothing. */
    boolean knowsTheNode() {
        return myInfo != null && myInfo.getMyNodeNum() != 0;
    }

    /** Whether the nodes it left out are those of another node. */
    boolean isOfAnotherNode() {
        return former != null && myInfo != null && former.myInfo().getMyNodeNum() != myInfo.getMyNodeNum();
    }

    /** Packets that came in between, in order. */
    List<MeshPacket> heldPackets() {
        return held;
    }

    HandshakeProgress progress() {
        boolean tellsNodes = nonce != NONCE_WITHOUT_NODES;
        OptionalInt announced =
                myInfo == null || !tellsNodes ? OptionalInt.empty() : OptionalInt.of(myInfo.getNodedbCount());
        return new HandshakeProgress(messages, nodes.size(), announced);
    }

    NodeSnapshot snapshot(long generation, Moment now, Cursor cursor) {
        MyNodeInfo known = myInfo == null ? MyNodeInfo.getDefaultInstance() : myInfo;
        Map<NodeId, NodeInfo> all = new LinkedHashMap<>(nodes);
        if (former != null) {
            former.nodes().forEach(all::putIfAbsent);
        }
        return new NodeSnapshot(
                known,
                generation,
                now.wall(),
                former == null ? now.wall() : former.nodesTakenAt(),
                cursor,
                metadata,
                all,
                List.copyOf(channels.values()),
                List.copyOf(configs.values()),
                List.copyOf(moduleConfigs.values()),
                Set.of());
    }
}
