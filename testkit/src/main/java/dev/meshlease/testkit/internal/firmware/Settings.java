package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.User;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What a node says of itself: identity, channels and settings, kept as the frames of its state dump, in their order. A frame that was never
 * changed stays as it came, byte for byte. For one thread.
 */
public final class Settings {
    private final List<DumpFrame> frames;

    /**
     * @param frames a state dump without other nodes
     */
    public Settings(Collection<DumpFrame> frames) {
        this.frames = new ArrayList<>(frames);
    }

    /** All frames, in the order of the dump. */
    public List<DumpFrame> frames() {
        return List.copyOf(frames);
    }

    private Optional<FromRadio> find(Predicate<FromRadio> which) {
        return frames.stream().map(DumpFrame::message).filter(which).findFirst();
    }

    /** Puts a frame in the place of its like. Returns whether there was one. */
    boolean put(DumpFrame frame) {
        for (int i = 0; i < frames.size(); i++) {
            if (areAlike(frames.get(i).message(), frame.message())) {
                frames.set(i, frame);
                return true;
            }
        }
        return false;
    }

    private boolean put(FromRadio.Builder message) {
        return put(DumpFrame.of(message.build()));
    }

    private static boolean areAlike(FromRadio one, FromRadio other) {
        return one.getPayloadVariantCase() == other.getPayloadVariantCase()
                && switch (one.getPayloadVariantCase()) {
                    case CONFIG ->
                        one.getConfig().getPayloadVariantCase()
                                == other.getConfig().getPayloadVariantCase();
                    case MODULECONFIG ->
                        one.getModuleConfig().getPayloadVariantCase()
                                == other.getModuleConfig().getPayloadVariantCase();
                    case CHANNEL ->
                        one.getChannel().getIndex() == other.getChannel().getIndex();
                    default -> true;
                };
    }

    /** What a start of the firmware does to them: what was measured is gone, and the node introduces itself with its key. */
    public void start() {
        NodeInfo self = self();
        User owner = self.getUser().toBuilder()
                .setPublicKey(security().getPublicKey())
                .build();
        put(self.toBuilder().clearDeviceMetrics().setUser(owner).build());
    }

    void countRestart() {
        MyNodeInfo counted = myInfo();
        put(FromRadio.newBuilder().setMyInfo(counted.toBuilder().setRebootCount(counted.getRebootCount() + 1)));
    }

    /** Takes over a frame that was stored, or is the factory's. What firmware and hardware say stays. */
    public void adopt(DumpFrame frame) {
        FromRadio message = frame.message();
        switch (message.getPayloadVariantCase()) {
            case CONFIG -> {
                if (put(frame)) {
                    follow(message.getConfig());
                }
            }
            case MODULECONFIG, CHANNEL, DEVICEUICONFIG -> put(frame);
            case NODE_INFO -> {
                NodeInfo self = message.getNodeInfo();
                User owner = self().getUser();
                put(self.toBuilder()
                        .setUser(self.getUser().toBuilder()
                                .setHwModelValue(owner.getHwModelValue())
                                .setMacaddr(owner.getMacaddr()))
                        .build());
            }
            default -> {
                // who the node is, and what it is made of
            }
        }
    }

    public MyNodeInfo myInfo() {
        return find(FromRadio::hasMyInfo)
                .orElseThrow(() -> new IllegalArgumentException("A state dump without my_info"))
                .getMyInfo();
    }

    /** The node's own entry of the node database. */
    NodeInfo self() {
        return find(FromRadio::hasNodeInfo)
                .map(FromRadio::getNodeInfo)
                .orElseGet(() ->
                        NodeInfo.newBuilder().setNum(myInfo().getMyNodeNum()).build());
    }

    void put(NodeInfo self) {
        put(FromRadio.newBuilder().setNodeInfo(self));
    }

    DeviceMetadata metadata() {
        return find(FromRadio::hasMetadata).map(FromRadio::getMetadata).orElse(DeviceMetadata.getDefaultInstance());
    }

    FromRadio deviceUi() {
        return find(FromRadio::hasDeviceuiConfig).orElse(FromRadio.getDefaultInstance());
    }

    Config.LoRaConfig lora() {
        return config(AdminMessage.ConfigType.LORA_CONFIG_VALUE)
                .map(Config::getLora)
                .orElse(Config.LoRaConfig.getDefaultInstance());
    }

    Config.SecurityConfig security() {
        return config(AdminMessage.ConfigType.SECURITY_CONFIG_VALUE)
                .map(Config::getSecurity)
                .orElse(Config.SecurityConfig.getDefaultInstance());
    }

    /** A section of the settings, by its number in {@link AdminMessage.ConfigType}. */
    Optional<Config> config(int type) {
        return find(message -> message.hasConfig()
                        && message.getConfig().getPayloadVariantCase().getNumber() == type + 1)
                .map(FromRadio::getConfig);
    }

    /** Replaces a section, and what the node says elsewhere that follows from it. Returns whether the node has it. */
    public boolean put(Config config) {
        if (config.getPayloadVariantCase() == Config.PayloadVariantCase.PAYLOADVARIANT_NOT_SET
                || !put(FromRadio.newBuilder().setConfig(config))) {
            return false;
        }
        follow(config);
        return true;
    }

    private void follow(Config config) {
        if (config.hasDevice()) {
            int role = config.getDevice().getRoleValue();
            put(FromRadio.newBuilder().setMetadata(metadata().toBuilder().setRoleValue(role)));
            NodeInfo self = self();
            put(self.toBuilder()
                    .setUser(self.getUser().toBuilder().setRoleValue(role))
                    .build());
        } else if (config.hasPosition()) {
            int flags = config.getPosition().getPositionFlags();
            put(FromRadio.newBuilder().setMetadata(metadata().toBuilder().setPositionFlags(flags)));
        }
    }

    /** Sees to it that a node with a region has keys. Always possible. */
    boolean ensureKeys(RandomGenerator random) {
        Config.SecurityConfig security = security();
        boolean isComplete =
                !security.getPrivateKey().isEmpty() && !security.getPublicKey().isEmpty();
        if (lora().getRegionValue() != 0 && !isComplete) {
            ByteString known = security.getPrivateKey();
            put(Config.newBuilder()
                    .setSecurity(security.toBuilder()
                            .setPrivateKey(known.isEmpty() ? key(random) : known)
                            .setPublicKey(key(random)))
                    .build());
        }
        return true;
    }

    /** It only looks like one: nothing here encrypts. */
    private static ByteString key(RandomGenerator random) {
        byte[] bytes = new byte[NodeState.KEY_BYTES];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    /** A section of the modules' settings, by its number in {@link AdminMessage.ModuleConfigType}. */
    Optional<ModuleConfig> moduleConfig(int type) {
        return find(message -> message.hasModuleConfig()
                        && message.getModuleConfig().getPayloadVariantCase().getNumber() == type + 1)
                .map(FromRadio::getModuleConfig);
    }

    /** Replaces a section. Returns whether the node has it. */
    public boolean put(ModuleConfig config) {
        return config.getPayloadVariantCase() != ModuleConfig.PayloadVariantCase.PAYLOADVARIANT_NOT_SET
                && put(FromRadio.newBuilder().setModuleConfig(config));
    }

    Optional<Channel> channel(int index) {
        return find(message -> message.hasChannel() && message.getChannel().getIndex() == index)
                .map(FromRadio::getChannel);
    }

    /** Replaces a channel; a new primary one makes the one before secondary. Returns whether the node has such a slot. */
    public boolean put(Channel channel) {
        Optional<FromRadio> primary = find(message -> message.getChannel().getRole() == Channel.Role.PRIMARY);
        if (!put(FromRadio.newBuilder().setChannel(channel))) {
            return false;
        }
        if (channel.getRole() == Channel.Role.PRIMARY) {
            primary.map(FromRadio::getChannel)
                    .filter(before -> before.getIndex() != channel.getIndex())
                    .ifPresent(before -> put(
                            FromRadio.newBuilder().setChannel(before.toBuilder().setRole(Channel.Role.SECONDARY))));
        }
        return true;
    }
}
