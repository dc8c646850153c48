package dev.meshlease.internal.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.SettingsPart;
import dev.meshlease.internal.link.Orders;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.User;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The settings of the node itself: as told, and what is not to be believed any more. Guarded by its {@link NodeBook}. */
final class KnownSettings {
    private static final int MOST_QUESTIONS = 64;

    private final Map<Config.PayloadVariantCase, Config> configs = new LinkedHashMap<>();
    private final Map<ModuleConfig.PayloadVariantCase, ModuleConfig> moduleConfigs = new LinkedHashMap<>();
    private final Map<Integer, Channel> channels = new TreeMap<>();
    private DeviceMetadata metadata = DeviceMetadata.getDefaultInstance();

    // Since which place in the stream a part is stale; and at which place it was asked for, by the id of the question.
    private final Map<SettingsPart, Long> stale = new HashMap<>();
    private final Map<Integer, Long> questions = new LinkedHashMap<>();

    /** All was told in a handshake; but for the nodes, if those were left out. */
    void told(NodeSnapshot fresh, boolean withoutNodes) {
        configs.clear();
        fresh.configs().forEach(each -> configs.put(each.getPayloadVariantCase(), each));
        moduleConfigs.clear();
        fresh.moduleConfigs().forEach(each -> moduleConfigs.put(each.getPayloadVariantCase(), each));
        channels.clear();
        fresh.channels().forEach(each -> channels.put(each.getIndex(), each));
        metadata = fresh.metadata();
        stale.keySet().removeIf(part -> !withoutNodes || !part.equals(SettingsPart.NODES));
    }

    NodeSnapshot picture(NodeSnapshot told, Map<NodeId, NodeInfo> nodes, Cursor cursor) {
        return new NodeSnapshot(
                told.myInfo(),
                told.generation(),
                told.takenAt(),
                told.nodesTakenAt(),
                cursor,
                metadata,
                nodes,
                List.copyOf(channels.values()),
                List.copyOf(configs.values()),
                List.copyOf(moduleConfigs.values()),
                stale.keySet());
    }

    /** A lease has sent something to the node itself. */
    void sent(InboundPacket packet) {
        Data data = packet.proto().getDecoded();
        if (data.getPortnumValue() != PortNum.ADMIN_APP_VALUE) {
            return;
        }
        try {
            AdminMessage message = AdminMessage.parseFrom(data.getPayload());
            long place = packet.cursor().position();
            if (Orders.isChange(message)) {
                changedBy(message).forEach(part -> stale.put(part, place));
            } else {
                questions.put(packet.id(), place);
                questions.keySet().stream()
                        .limit(Math.max(0, questions.size() - MOST_QUESTIONS))
                        .toList()
                        .forEach(questions::remove);
            }
        } catch (InvalidProtocolBufferException malformed) {
            // That is between its sender and the node.
        }
    }

    private Set<SettingsPart> changedBy(AdminMessage message) {
        return switch (message.getPayloadVariantCase()) {
            case SET_CONFIG -> Set.of(SettingsPart.config(message.getSetConfig().getPayloadVariantCase()));
            case SET_MODULE_CONFIG ->
                Set.of(SettingsPart.moduleConfig(message.getSetModuleConfig().getPayloadVariantCase()));
            case SET_CHANNEL ->
                Set.of(SettingsPart.channel(message.getSetChannel().getIndex()));
            case SET_OWNER -> Set.of(SettingsPart.OWNER);
            case SET_FIXED_POSITION, REMOVE_FIXED_POSITION ->
                Set.of(SettingsPart.config(Config.PayloadVariantCase.POSITION));
            case REMOVE_BY_NODENUM,
                    SET_FAVORITE_NODE,
                    REMOVE_FAVORITE_NODE,
                    SET_IGNORED_NODE,
                    REMOVE_IGNORED_NODE,
                    TOGGLE_MUTED_NODE,
                    ADD_CONTACT,
                    NODEDB_RESET -> Set.of(SettingsPart.NODES);
            case SET_HAM_MODE, RESTORE_PREFERENCES, FACTORY_RESET_DEVICE, FACTORY_RESET_CONFIG -> all();
            default -> Set.of(); // Not a part of what is known here.
        };
    }

    private Set<SettingsPart> all() {
        Map<SettingsPart, Boolean> all = new HashMap<>();
        configs.keySet().forEach(each -> all.put(SettingsPart.config(each), true));
        moduleConfigs.keySet().forEach(each -> all.put(SettingsPart.moduleConfig(each), true));
        channels.keySet().forEach(each -> all.put(SettingsPart.channel(each), true));
        all.put(SettingsPart.OWNER, true);
        all.put(SettingsPart.NODES, true);
        return all.keySet();
    }

    /**
     * The node answers a question about itself.
     *
     * @return its names, if that is what it tells
     */
    Optional<User> answered(Data data) {
        AdminMessage message;
        try {
            message = AdminMessage.parseFrom(data.getPayload());
        } catch (InvalidProtocolBufferException malformed) {
            return Optional.empty();
        }
        int question = data.getRequestId();
        switch (message.getPayloadVariantCase()) {
            case GET_CONFIG_RESPONSE -> {
                Config config = message.getGetConfigResponse();
                configs.put(config.getPayloadVariantCase(), config);
                fresh(SettingsPart.config(config.getPayloadVariantCase()), question);
            }
            case GET_MODULE_CONFIG_RESPONSE -> {
                ModuleConfig config = message.getGetModuleConfigResponse();
                moduleConfigs.put(config.getPayloadVariantCase(), config);
                fresh(SettingsPart.moduleConfig(config.getPayloadVariantCase()), question);
            }
            case GET_CHANNEL_RESPONSE -> {
                Channel channel = message.getGetChannelResponse();
                channels.put(channel.getIndex(), channel);
                fresh(SettingsPart.channel(channel.getIndex()), question);
            }
            case GET_DEVICE_METADATA_RESPONSE -> metadata = message.getGetDeviceMetadataResponse();
            case GET_OWNER_RESPONSE -> {
                fresh(SettingsPart.OWNER, question);
                return Optional.of(message.getGetOwnerResponse());
            }
            default -> {} // Not a part of what is known here.
        }
        return Optional.empty();
    }

    /** An answer to what was asked before the change says nothing of it. */
    private void fresh(SettingsPart part, int question) {
        Long asked = questions.get(question);
        Long since = stale.get(part);
        if (asked != null && since != null && asked > since) {
            stale.remove(part);
        }
    }
}
