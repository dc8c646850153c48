package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.HardwareModel;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.Behaviour;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.util.ArrayList;
import java.util.List;

/**
 * The state dump of a node that nobody has configured yet: order and content as recorded. What tells nodes apart (numbers, names, keys) is
 * put in.
 */
public final class DefaultDump {
    private static final int MIN_APP_VERSION = 30200;
    private static final int SHORT_NAME = 4;
    private static final int MAC_BYTES = 6;
    private static final float SNR = 6.25f;

    private final NodeId id;
    private final Variant variant;
    private final FirmwareProfile firmware;
    private final Behaviour behaviour;
    private final Board board;

    public DefaultDump(NodeId id, Variant variant, FirmwareProfile firmware, Behaviour behaviour) {
        this.id = id;
        this.variant = variant;
        this.firmware = firmware;
        this.behaviour = behaviour;
        board = new Board(variant, firmware);
    }

    /** What such a node measures of its supply. */
    public float volts() {
        return board.volts();
    }

    public ByteString deviceId() {
        return board.deviceId(id);
    }

    /** A node that has got its region, and keys with it. */
    public List<DumpFrame> configured(String longName, ByteString deviceId, String version) {
        ByteString key = Secrets.of("public", id);
        DumpFrame security =
                security(Config.SecurityConfig.newBuilder().setPublicKey(key).setPrivateKey(Secrets.of("private", id)));
        return frames(longName, deviceId, version, key, FactorySettings.configs(firmware, security));
    }

    /** A node as it comes: without a region, and so without keys. */
    public List<DumpFrame> factory(ByteString deviceId, String version) {
        DumpFrame security = security(Config.SecurityConfig.newBuilder());
        List<DumpFrame> configs = FactorySettings.configs(firmware, security).stream()
                .map(DefaultDump::withoutRegion)
                .toList();
        return frames("Meshtastic " + shortName(id), deviceId, version, ByteString.EMPTY, configs);
    }

    private static DumpFrame withoutRegion(DumpFrame frame) {
        Config config = frame.message().getConfig();
        return config.hasLora()
                ? DumpFrame.of(FromRadio.newBuilder()
                        .setConfig(Config.newBuilder()
                                .setLora(config.getLora().toBuilder()
                                        .clearRegion()
                                        .clearCodingRate()))
                        .build())
                : frame;
    }

    private List<DumpFrame> frames(
            String longName, ByteString deviceId, String version, ByteString key, List<DumpFrame> configs) {
        List<DumpFrame> dump = new ArrayList<>();
        dump.add(DumpFrame.of(FromRadio.newBuilder().setMyInfo(myInfo(deviceId)).build()));
        dump.add(FactorySettings.DEVICE_UI);
        dump.add(entry(NodeInfo.newBuilder()
                .setNum(id.number())
                .setUser(user(id, longName, variant.model(), board.mac(id), key))
                .setPosition(Position.getDefaultInstance())
                .setIsFavorite(true)
                .build()));
        dump.add(DumpFrame.of(
                FromRadio.newBuilder().setMetadata(board.metadata(version)).build()));
        if (behaviour.get(Switch.REGION_PRESETS)) {
            dump.add(FactorySettings.REGION_PRESETS);
        }
        dump.addAll(FactorySettings.channels(firmware));
        dump.addAll(configs);
        dump.addAll(FactorySettings.modules(behaviour));
        dump.addAll(FactorySettings.files(firmware));
        return dump;
    }

    private MyNodeInfo myInfo(ByteString deviceId) {
        MyNodeInfo.Builder mine = MyNodeInfo.newBuilder()
                .setMyNodeNum(id.number())
                .setMinAppVersion(MIN_APP_VERSION)
                .setDeviceId(deviceId)
                .setPioEnv(variant.board());
        if (firmware != FirmwareProfile.V2_6) {
            mine.setNodedbCount(1);
        }
        return mine.build();
    }

    /** What a node knows of a neighbour. */
    public static NodeInfo node(NodeId id, int heardEpochSeconds) {
        ByteString mac = ByteString.copyFrom(new byte[MAC_BYTES]);
        String name = "Simulated peer " + shortName(id);
        return NodeInfo.newBuilder()
                .setNum(id.number())
                .setUser(user(id, name, HardwareModel.HELTEC_V3, mac, Secrets.of("public", id)))
                .setSnr(SNR)
                .setLastHeard(heardEpochSeconds)
                .setHopsAway(0)
                .build();
    }

    private static User user(NodeId id, String longName, HardwareModel model, ByteString mac, ByteString key) {
        return User.newBuilder()
                .setId(id.toString())
                .setLongName(longName)
                .setShortName(shortName(id))
                .setMacaddr(mac)
                .setHwModel(model)
                .setPublicKey(key)
                .setIsUnmessagable(false)
                .build();
    }

    private static String shortName(NodeId id) {
        String hex = id.toString();
        return hex.substring(hex.length() - SHORT_NAME);
    }

    private static DumpFrame security(Config.SecurityConfig.Builder security) {
        return DumpFrame.of(FromRadio.newBuilder()
                .setConfig(Config.newBuilder().setSecurity(security.setSerialEnabled(true)))
                .build());
    }

    public static DumpFrame entry(NodeInfo info) {
        return DumpFrame.of(FromRadio.newBuilder().setNodeInfo(info).build());
    }
}
