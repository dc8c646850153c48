package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the node knows of itself and of others. It outlives a restart, but for what an edit transaction has changed and not committed. On the
 * node's thread.
 */
public final class NodeState {
    static final int KEY_BYTES = 32;

    private static final int WANT_CONFIG_ONLY = 69420;
    private static final int WANT_NODES_ONLY = 69421;

    private final Behaviour behaviour;
    private final Runnable changed;
    private final int number;
    private final NodeDatabase nodes = new NodeDatabase();
    private Settings settings;
    /** The settings from before the transaction that is open, if one is. */
    private @Nullable Settings committed;

    /**
     * @param frames its own part of the state dump, and other nodes anywhere between
     * @param changed told of every change that is to last
     */
    NodeState(Behaviour behaviour, List<DumpFrame> frames, Runnable changed) {
        this.behaviour = behaviour;
        this.changed = changed;
        number = new Settings(frames).myInfo().getMyNodeNum();
        settings = new Settings(
                frames.stream().filter(frame -> !isOther(frame.message())).toList());
        frames.stream().filter(frame -> isOther(frame.message())).forEach(nodes::restore);
    }

    private boolean isOther(FromRadio message) {
        return message.hasPacket()
                || (message.hasNodeInfo() && message.getNodeInfo().getNum() != number);
    }

    public int number() {
        return number;
    }

    /** What it says of itself. To be changed by {@link #change} only. */
    Settings settings() {
        return settings;
    }

    /** Changes the settings. Returns what the change does: whether it was possible. */
    boolean change(Predicate<Settings> change) {
        boolean done = change.test(settings);
        if (done && committed == null) {
            changed.run();
        }
        return done;
    }

    /** From here on changes count at once, but last only if they are committed before the node restarts. */
    void beginEdit() {
        if (committed == null) {
            committed = new Settings(settings.frames());
        }
    }

    /** Returns whether there was something to commit. */
    boolean commitEdit() {
        boolean open = committed != null;
        committed = null;
        changed.run();
        return open;
    }

    boolean isEditing() {
        return committed != null;
    }

    /** What a restart does to it. */
    void restart() {
        if (committed != null) {
            settings = committed;
            committed = null;
        }
        settings.start();
        if (behaviour.get(Switch.RESTARTS_COUNTED)) {
            settings.countRestart();
        }
    }

    /** Goes back to the settings that it came with, and forgets the other nodes. */
    void reset(List<DumpFrame> factory, boolean keepKeys) {
        Config.SecurityConfig keys = settings.security();
        factory.forEach(settings::adopt);
        if (keepKeys) {
            settings.put(Config.newBuilder()
                    .setSecurity(settings.security().toBuilder()
                            .setPublicKey(keys.getPublicKey())
                            .setPrivateKey(keys.getPrivateKey()))
                    .build());
        }
        committed = null;
        forgetAll(false);
    }

    /** Learns from its client where it is, unless its position is fixed. */
    void placed(Data said) {
        boolean isFixed = settings.config(AdminMessage.ConfigType.POSITION_CONFIG_VALUE)
                .filter(config -> config.getPosition().getFixedPosition())
                .isPresent();
        if (said.getPortnum() == PortNum.POSITION_APP && !isFixed) {
            KnownNode own = new KnownNode(DefaultDump.entry(settings.self()));
            own.said(said);
            change(changed -> {
                changed.put(own.info());
                return true;
            });
        }
    }

    /** Keeps what the node has measured of itself until it restarts. */
    void measured(DeviceMetrics metrics) {
        settings.put(settings.self().toBuilder().setDeviceMetrics(metrics).build());
    }

    /** All that is to last, as frames. */
    List<DumpFrame> lasting() {
        List<DumpFrame> frames = new ArrayList<>((committed == null ? settings : committed).frames());
        nodes.frames(false).forEach(frames::add);
        nodes.unlisted()
                .forEach(packet -> frames.add(
                        DumpFrame.of(FromRadio.newBuilder().setPacket(packet).build())));
        return frames;
    }

    /**
     * A reading of the state for a client.
     *
     * @param nonce what the client wants it to end with, and some of which mean a part of it
     * @param before the client's reading before this one, if there is one
     */
    StateDump dump(int nonce, @Nullable StateDump before) {
        boolean special = behaviour.get(Switch.SPECIAL_NONCES);
        boolean nodesOnly = special && nonce == WANT_NODES_ONLY;
        boolean configOnly = special && nonce == WANT_CONFIG_ONLY;
        List<DumpFrame> own = settings.frames();
        Stream<DumpFrame> frames = Stream.of(
                        own.stream().takeWhile(frame -> !frame.message().hasFileInfo()),
                        configOnly ? Stream.<DumpFrame>of() : nodes.frames(behaviour.get(Switch.THIN_NODES)),
                        own.stream().dropWhile(frame -> !frame.message().hasFileInfo()))
                .flatMap(Function.identity())
                .filter(frame -> !nodesOnly || frame.message().hasNodeInfo())
                .map(this::counted);
        int firstChannel = before != null && behaviour.get(Switch.STALE_CONFIG_INDEX) ? before.configIndex() : 0;
        boolean repeating = behaviour.get(Switch.REPLAY) && !configOnly;
        return StateDump.of(frames.toList(), firstChannel, nonce, repeating ? nodes.repeats() : List.of());
    }

    /** The frame with the right number of nodes, if it has any. */
    private DumpFrame counted(DumpFrame frame) {
        MyNodeInfo mine = frame.message().getMyInfo();
        if (mine.getNodedbCount() == 0 || mine.getNodedbCount() == nodes.size() + 1) {
            return frame;
        }
        return DumpFrame.of(FromRadio.newBuilder()
                .setMyInfo(mine.toBuilder().setNodedbCount(nodes.size() + 1))
                .build());
    }

    /** A node's entry in the database, its own included. */
    Optional<NodeInfo> node(int node) {
        return node == number ? Optional.of(settings.self()) : nodes.find(node).map(KnownNode::info);
    }

    /** The other nodes, in the order of the dump. */
    public List<NodeId> others() {
        return nodes.ids();
    }

    /** Adds another node to the database, or changes its entry. */
    void put(NodeInfo info) {
        nodes.at(info.getNum()).info(info);
        changed.run();
    }

    /** Changes the entry of another node, if there is one. */
    void change(int node, UnaryOperator<NodeInfo.Builder> change) {
        nodes.find(node).ifPresent(known -> {
            known.info(change.apply(known.info().toBuilder()).build());
            changed.run();
        });
    }

    /** Ignores a node from here on, and forgets what it said. */
    void ignore(int node) {
        nodes.find(node).ifPresent(known -> {
            known.silence();
            changed.run();
        });
    }

    void forget(int node) {
        nodes.remove(node);
        changed.run();
    }

    void forgetAll(boolean butFavourites) {
        nodes.clear(butFavourites);
        changed.run();
    }

    /**
     * Learns from a packet of another node.
     *
     * @return whether the packet counts: not if it comes from a node that is ignored
     */
    boolean heard(MeshPacket packet) {
        if (!isNode(packet.getFrom())) {
            return true; // whoever injected it
        }
        KnownNode node = nodes.at(packet.getFrom());
        if (node.info().getIsIgnored()) {
            return false;
        }
        node.heard(packet);
        changed.run();
        return true;
    }

    /** Whether a node may have this number. */
    public static boolean isNode(int number) {
        return number != 0 && number != NodeId.BROADCAST.number();
    }

    boolean hasKeyOf(int node) {
        return keyOf(node).size() == KEY_BYTES;
    }

    ByteString keyOf(int node) {
        return node(node).map(info -> info.getUser().getPublicKey()).orElse(ByteString.EMPTY);
    }

    ByteString publicKey() {
        return settings.security().getPublicKey();
    }

    Optional<Channel> channel(int slot) {
        return settings.channel(slot);
    }

    User owner() {
        return settings.self().getUser();
    }

    /** Whether it repeats what it hears from others. */
    boolean relays() {
        return settings.config(AdminMessage.ConfigType.DEVICE_CONFIG_VALUE)
                .map(Config::getDevice)
                .filter(device -> device.getRole() == Config.DeviceConfig.Role.CLIENT_MUTE
                        || device.getRebroadcastMode() == Config.DeviceConfig.RebroadcastMode.NONE)
                .isEmpty();
    }

    Config.LoRaConfig lora() {
        return settings.lora();
    }
}
