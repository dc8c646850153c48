package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.HardwareModel;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Variant;

/** What a node says of its hardware. */
record Board(Variant variant, FirmwareProfile firmware) {
    private static final int STATE_VERSION = 24;
    private static final int STATE_VERSION_2_8 = 25;
    /** The modules that native builds leave out. */
    private static final int EXCLUDED = 15814;

    private static final int EXCLUDED_2_8 = 15830;
    private static final int POSITION_FLAGS = 811;
    private static final int MAC_BYTES = 6;
    private static final int ID_BYTES = 16;

    boolean isNative() {
        return variant.model() == HardwareModel.PORTDUINO;
    }

    private boolean isRecent() {
        return firmware == FirmwareProfile.V2_8;
    }

    DeviceMetadata metadata(String version) {
        DeviceMetadata.Builder metadata = DeviceMetadata.newBuilder()
                .setFirmwareVersion(version)
                .setDeviceStateVersion(isRecent() ? STATE_VERSION_2_8 : STATE_VERSION)
                .setPositionFlags(POSITION_FLAGS)
                .setHwModel(variant.model())
                .setHasPKC(true);
        switch (variant.model()) {
            case PORTDUINO -> metadata.setHasWifi(true).setExcludedModules(isRecent() ? EXCLUDED_2_8 : EXCLUDED);
            case RAK4631 -> metadata.setCanShutdown(true).setHasBluetooth(true).setHasEthernet(true);
            case STATION_G2 ->
                metadata.setCanShutdown(true)
                        .setHasWifi(true)
                        .setHasBluetooth(true)
                        .setHasEthernet(true);
            default -> metadata.setCanShutdown(true).setHasWifi(true).setHasBluetooth(true);
        }
        return metadata.build();
    }

    float volts() {
        return isNative() ? 0 : 4.2f;
    }

    /** Since 2.8 nodes do not tell it. */
    ByteString mac(NodeId id) {
        return isRecent()
                ? ByteString.copyFrom(new byte[MAC_BYTES])
                : ByteString.fromHex((isNative() ? "8000" : "0200") + hex(id));
    }

    /** Native builds have one since 2.8, made of the MAC address; boards have it from their chip. */
    ByteString deviceId(NodeId id) {
        if (!isNative()) {
            return Secrets.of("device", id).substring(0, ID_BYTES);
        }
        return isRecent()
                ? ByteString.fromHex("8000" + hex(id)).concat(ByteString.copyFrom(new byte[ID_BYTES - MAC_BYTES]))
                : ByteString.EMPTY;
    }

    private static String hex(NodeId id) {
        return id.toString().substring(1);
    }
}
