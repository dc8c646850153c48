package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.HardwareModel;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The state dump of a node that nobody has configured yet but for its region (US): 2.7.26, order and content as recorded. What tells nodes
 * apart (numbers, names, keys) is put in.
 */
public final class DefaultDump {
    private static final int MIN_APP_VERSION = 30200;
    private static final int DEVICE_STATE_VERSION = 24;
    private static final int ID_BYTES = 16;
    private static final int SHORT_NAME = 4;
    private static final String BOARD = "heltec-v3";
    private static final float SNR = 6.25f;

    private static final String DEVICE_UI = "8a0105109901181e";
    private static final List<String> CHANNELS = List.of(
            "520b12071201013a02080d1801",
            "520408011200",
            "520408021200",
            "520408031200",
            "520408041200",
            "520408051200",
            "520408061200",
            "520408071200");
    /** Device, position, power, network, display, LoRa, Bluetooth; security follows, with keys of its own. */
    private static final List<String> CONFIGS = List.of(
            "2a050a0338b054",
            "2a13121108901c1001287838ab06506458ac026802",
            "2a0f1a0d203c30ffffffff0f38ac02400a",
            "2a1b22192a176d6573687461737469632e706f6f6c2e6e74702e6f7267",
            "2a052a0308d804",
            "2a183216080118fa01200b2805380140034801501e6801d00602",
            "2a0a3a080801100118c0c407");
    /** Session key and device UI: sections that are listed, not filled. */
    private static final List<String> EMPTY_CONFIGS = List.of("2a024a00", "2a025200");
    /** The last three have no content at all: this firmware counts them but does not know them. */
    private static final List<String> MODULES = List.of(
            "4a360a3412136d7174742e6d6573687461737469632e6f72671a076d657368646576220a6c617267653463617473280142066d73682f5553",
            "4a021200",
            "4a021a00",
            "4a022200",
            "4a022a00",
            "4a08320608ffffffff07",
            "4a023a00",
            "4a024200",
            "4a024a00",
            "4a025200",
            "4a0a5a08100a183420562878",
            "4a066204102d3801",
            "4a026a00",
            "4a00",
            "4a00",
            "4a00");

    private static final List<String> FILES = List.of(
            "7a170a132f70726566732f6465766963652e70726f746f103e",
            "7a170a122f70726566732f6e6f6465732e70726f746f10bd03",
            "7a190a152f70726566732f6368616e6e656c732e70726f746f1039",
            "7a180a132f70726566732f636f6e6669672e70726f746f10b301",
            "7a170a132f70726566732f6d6f64756c652e70726f746f1062");

    private DefaultDump() {}

    public static List<DumpFrame> of(
            NodeId id, ByteString deviceId, String longName, String version, List<NodeId> others, int epochSeconds) {
        List<DumpFrame> dump = new ArrayList<>();
        dump.add(DumpFrame.of(FromRadio.newBuilder()
                .setMyInfo(MyNodeInfo.newBuilder()
                        .setMyNodeNum(id.number())
                        .setMinAppVersion(MIN_APP_VERSION)
                        .setDeviceId(deviceId)
                        .setPioEnv(BOARD)
                        .setNodedbCount(1 + others.size()))
                .build()));
        dump.add(recorded(DEVICE_UI));
        dump.add(entry(NodeInfo.newBuilder()
                .setNum(id.number())
                .setUser(user(id, longName))
                .setDeviceMetrics(
                        DeviceMetrics.newBuilder().setBatteryLevel(101).setVoltage(4.2f))
                .setIsFavorite(true)
                .build()));
        dump.add(DumpFrame.of(FromRadio.newBuilder()
                .setMetadata(DeviceMetadata.newBuilder()
                        .setFirmwareVersion(version)
                        .setDeviceStateVersion(DEVICE_STATE_VERSION)
                        .setCanShutdown(true)
                        .setHasWifi(true)
                        .setHasBluetooth(true)
                        .setHwModel(HardwareModel.HELTEC_V3)
                        .setHasPKC(true))
                .build()));
        CHANNELS.forEach(frame -> dump.add(recorded(frame)));
        CONFIGS.forEach(frame -> dump.add(recorded(frame)));
        dump.add(security(id));
        EMPTY_CONFIGS.forEach(frame -> dump.add(recorded(frame)));
        MODULES.forEach(frame -> dump.add(recorded(frame)));
        others.forEach(other -> dump.add(entry(node(other, epochSeconds))));
        FILES.forEach(frame -> dump.add(recorded(frame)));
        return dump;
    }

    /** What a node knows of a neighbour. */
    static NodeInfo node(NodeId id, int heardEpochSeconds) {
        return NodeInfo.newBuilder()
                .setNum(id.number())
                .setUser(user(id, "Simulated peer " + String.format("%04x", id.number() & 0xFFFF)))
                .setSnr(SNR)
                .setLastHeard(heardEpochSeconds)
                .setHopsAway(0)
                .build();
    }

    private static User user(NodeId id, String longName) {
        String hex = id.toString().substring(1);
        return User.newBuilder()
                .setId(id.toString())
                .setLongName(longName)
                .setShortName(hex.substring(hex.length() - SHORT_NAME))
                .setMacaddr(ByteString.fromHex("0200" + hex))
                .setHwModel(HardwareModel.HELTEC_V3)
                .setPublicKey(secret("public", id))
                .setIsUnmessagable(false)
                .build();
    }

    public static ByteString deviceId(NodeId id) {
        return secret("device", id).substring(0, ID_BYTES);
    }

    private static DumpFrame security(NodeId id) {
        return DumpFrame.of(FromRadio.newBuilder()
                .setConfig(Config.newBuilder()
                        .setSecurity(Config.SecurityConfig.newBuilder()
                                .setPublicKey(secret("public", id))
                                .setPrivateKey(secret("private", id))
                                .setSerialEnabled(true)))
                .build());
    }

    private static DumpFrame entry(NodeInfo info) {
        return DumpFrame.of(FromRadio.newBuilder().setNodeInfo(info).build());
    }

    private static DumpFrame recorded(String hex) {
        try {
            return DumpFrame.parse(ByteString.copyFrom(HexFormat.of().parseHex(hex)));
        } catch (InvalidProtocolBufferException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** 32 bytes that look random, always the same for a node. */
    private static ByteString secret(String kind, NodeId id) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return ByteString.copyFrom(digest.digest((kind + id).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
