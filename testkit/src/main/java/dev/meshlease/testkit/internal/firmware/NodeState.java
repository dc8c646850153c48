package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.FromRadio.PayloadVariantCase;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the node knows of itself and of others, kept as the frames of its state dump. On the node's thread. */
public final class NodeState {
    private static final int KEY_BYTES = 32;
    private static final int WANT_CONFIG_ONLY = 69420;
    private static final int WANT_NODES_ONLY = 69421;

    private final Behaviour behaviour;
    private final List<DumpFrame> frames;
    private final int number;

    /** How much of the state a client wants. */
    private enum Part {
        ALL,
        CONFIG_ONLY,
        NODES_ONLY
    }

    NodeState(Behaviour behaviour, List<DumpFrame> dump) {
        this.behaviour = behaviour;
        frames = new ArrayList<>(dump);
        number = find(FromRadio::hasMyInfo)
                .orElseThrow(() -> new IllegalArgumentException("A state dump without my_info"))
                .getMyInfo()
                .getMyNodeNum();
    }

    public int number() {
        return number;
    }

    /**
     * A reading of the state for a client.
     *
     * @param nonce what the client wants it to end with, and some of which mean a part of it
     * @param before the client's reading before this one, if there is one
     */
    StateDump dump(int nonce, @Nullable StateDump before) {
        Part part = part(nonce);
        int firstChannel = before != null && behaviour.get(Switch.STALE_CONFIG_INDEX) ? before.configIndex() : 0;
        List<StateDump.Step> steps = new ArrayList<>();
        int index = 0;
        PayloadVariantCase section = PayloadVariantCase.PAYLOADVARIANT_NOT_SET;
        for (DumpFrame frame : frames) {
            FromRadio message = frame.message();
            index = isCounted(message) ? (message.getPayloadVariantCase() == section ? index + 1 : 1) : 0;
            section = message.getPayloadVariantCase();
            boolean wanted = switch (part) {
                case ALL -> true;
                case CONFIG_ONLY -> !isOther(message);
                case NODES_ONLY -> message.hasNodeInfo();
            };
            if (wanted && !(message.hasChannel() && message.getChannel().getIndex() < firstChannel)) {
                steps.add(new StateDump.Step(frame.bytes(), index));
            }
        }
        FromRadio complete = FromRadio.newBuilder().setConfigCompleteId(nonce).build();
        steps.add(new StateDump.Step(complete.toByteString(), 0));
        return new StateDump(steps, List.of());
    }

    private Part part(int nonce) {
        if (!behaviour.get(Switch.SPECIAL_NONCES)) {
            return Part.ALL;
        }
        return switch (nonce) {
            case WANT_CONFIG_ONLY -> Part.CONFIG_ONLY;
            case WANT_NODES_ONLY -> Part.NODES_ONLY;
            default -> Part.ALL;
        };
    }

    private static boolean isCounted(FromRadio message) {
        return message.hasChannel() || message.hasConfig() || message.hasModuleConfig();
    }

    private boolean isOther(FromRadio message) {
        return message.hasNodeInfo() && message.getNodeInfo().getNum() != number;
    }

    private Optional<FromRadio> find(Predicate<FromRadio> which) {
        return frames.stream().map(DumpFrame::message).filter(which).findFirst();
    }

    private boolean replace(Predicate<FromRadio> which, Function<FromRadio, FromRadio> change) {
        for (int i = 0; i < frames.size(); i++) {
            FromRadio message = frames.get(i).message();
            if (which.test(message)) {
                frames.set(i, DumpFrame.of(change.apply(message)));
                return true;
            }
        }
        return false;
    }

    private static Predicate<FromRadio> nodeIs(int node) {
        return message -> message.hasNodeInfo() && message.getNodeInfo().getNum() == node;
    }

    Optional<NodeInfo> node(int node) {
        return find(nodeIs(node)).map(FromRadio::getNodeInfo);
    }

    /** The other nodes, in the order of the dump. */
    public List<NodeId> others() {
        return frames.stream()
                .map(DumpFrame::message)
                .filter(this::isOther)
                .map(message -> new NodeId(message.getNodeInfo().getNum()))
                .toList();
    }

    /** Adds a node to the database, or changes its entry. */
    void put(NodeInfo info) {
        FromRadio entry = FromRadio.newBuilder().setNodeInfo(info).build();
        if (replace(nodeIs(info.getNum()), old -> entry)) {
            return;
        }
        int files = 0;
        while (files < frames.size() && !frames.get(files).message().hasFileInfo()) {
            files++;
        }
        frames.add(files, DumpFrame.of(entry));
        replace(FromRadio::hasMyInfo, message -> {
            MyNodeInfo mine = message.getMyInfo();
            return message.toBuilder()
                    .setMyInfo(mine.toBuilder().setNodedbCount(mine.getNodedbCount() + 1))
                    .build();
        });
    }

    boolean hasKeyOf(int node) {
        return node(node)
                .map(info -> info.getUser().getPublicKey().size() == KEY_BYTES)
                .orElse(false);
    }

    User owner() {
        return node(number).map(NodeInfo::getUser).orElse(User.getDefaultInstance());
    }

    ByteString publicKey() {
        return config(AdminMessage.ConfigType.SECURITY_CONFIG_VALUE)
                .map(config -> config.getSecurity().getPublicKey())
                .orElse(ByteString.EMPTY);
    }

    DeviceMetadata metadata() {
        return find(FromRadio::hasMetadata).map(FromRadio::getMetadata).orElse(DeviceMetadata.getDefaultInstance());
    }

    Config.LoRaConfig lora() {
        return config(AdminMessage.ConfigType.LORA_CONFIG_VALUE)
                .map(Config::getLora)
                .orElse(Config.LoRaConfig.getDefaultInstance());
    }

    /** A section of the settings, by its number in {@link AdminMessage.ConfigType}. */
    Optional<Config> config(int type) {
        return find(isConfig(type + 1)).map(FromRadio::getConfig);
    }

    boolean putConfig(Config config) {
        return replace(
                isConfig(config.getPayloadVariantCase().getNumber()),
                old -> FromRadio.newBuilder().setConfig(config).build());
    }

    private static Predicate<FromRadio> isConfig(int field) {
        return message -> message.hasConfig()
                && message.getConfig().getPayloadVariantCase().getNumber() == field;
    }

    Optional<ModuleConfig> moduleConfig(int type) {
        return find(isModuleConfig(type + 1)).map(FromRadio::getModuleConfig);
    }

    boolean putModuleConfig(ModuleConfig config) {
        return replace(
                isModuleConfig(config.getPayloadVariantCase().getNumber()),
                old -> FromRadio.newBuilder().setModuleConfig(config).build());
    }

    private static Predicate<FromRadio> isModuleConfig(int field) {
        return message -> message.getPayloadVariantCase() == PayloadVariantCase.MODULECONFIG
                && field != 0
                && message.getModuleConfig().getPayloadVariantCase().getNumber() == field;
    }

    Optional<Channel> channel(int index) {
        return find(isChannel(index)).map(FromRadio::getChannel);
    }

    boolean putChannel(Channel channel) {
        return replace(
                isChannel(channel.getIndex()),
                old -> FromRadio.newBuilder().setChannel(channel).build());
    }

    private static Predicate<FromRadio> isChannel(int index) {
        return message -> message.hasChannel() && message.getChannel().getIndex() == index;
    }
}
