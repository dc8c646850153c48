package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.AdminMessage.PayloadVariantCase;
import dev.meshlease.proto.BluetoothConnectionStatus;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.DeviceConnectionStatus;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.EthernetConnectionStatus;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.NodeRemoteHardwarePinsResponse;
import dev.meshlease.proto.SerialConnectionStatus;
import dev.meshlease.proto.WifiConnectionStatus;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What an administrator can read. On the node's thread. */
final class AdminQueries {
    private static final Set<PayloadVariantCase> ALL = EnumSet.of(
            PayloadVariantCase.GET_CHANNEL_REQUEST,
            PayloadVariantCase.GET_OWNER_REQUEST,
            PayloadVariantCase.GET_CONFIG_REQUEST,
            PayloadVariantCase.GET_MODULE_CONFIG_REQUEST,
            PayloadVariantCase.GET_DEVICE_METADATA_REQUEST,
            PayloadVariantCase.GET_DEVICE_CONNECTION_STATUS_REQUEST,
            PayloadVariantCase.GET_UI_CONFIG_REQUEST,
            PayloadVariantCase.GET_NODE_REMOTE_HARDWARE_PINS_REQUEST);

    private final Firmware firmware;

    AdminQueries(Firmware firmware) {
        this.firmware = firmware;
    }

    static boolean isQuery(AdminMessage message) {
        return ALL.contains(message.getPayloadVariantCase());
    }

    /** The answer; empty if it asks for a channel that does not exist; an unknown section is one without content. */
    Optional<AdminMessage.Builder> answer(AdminMessage message) {
        AdminMessage.Builder answer = AdminMessage.newBuilder();
        Settings settings = firmware.state().settings();
        return switch (message.getPayloadVariantCase()) {
            case GET_CHANNEL_REQUEST ->
                settings.channel(message.getGetChannelRequest() - 1).map(answer::setGetChannelResponse);
            case GET_OWNER_REQUEST ->
                Optional.of(answer.setGetOwnerResponse(settings.self().getUser()));
            case GET_CONFIG_REQUEST ->
                Optional.of(answer.setGetConfigResponse(
                        settings.config(message.getGetConfigRequestValue()).orElse(Config.getDefaultInstance())));
            case GET_MODULE_CONFIG_REQUEST ->
                Optional.of(answer.setGetModuleConfigResponse(
                        settings.moduleConfig(message.getGetModuleConfigRequestValue())
                                .orElse(ModuleConfig.getDefaultInstance())));
            case GET_DEVICE_METADATA_REQUEST -> Optional.of(answer.setGetDeviceMetadataResponse(settings.metadata()));
            case GET_DEVICE_CONNECTION_STATUS_REQUEST ->
                Optional.of(answer.setGetDeviceConnectionStatusResponse(connections(settings.metadata())));
            case GET_UI_CONFIG_REQUEST ->
                Optional.of(answer.setGetUiConfigResponse(settings.deviceUi().getDeviceuiConfig()));
            case GET_NODE_REMOTE_HARDWARE_PINS_REQUEST ->
                Optional.of(answer.setGetNodeRemoteHardwarePinsResponse(
                        NodeRemoteHardwarePinsResponse.getDefaultInstance()));
            default -> Optional.empty();
        };
    }

    /** All hardware there is, with nothing said of it. */
    private static DeviceConnectionStatus connections(DeviceMetadata metadata) {
        DeviceConnectionStatus.Builder status =
                DeviceConnectionStatus.newBuilder().setSerial(SerialConnectionStatus.getDefaultInstance());
        if (metadata.getHasWifi()) {
            status.setWifi(WifiConnectionStatus.getDefaultInstance());
        }
        if (metadata.getHasEthernet()) {
            status.setEthernet(EthernetConnectionStatus.getDefaultInstance());
        }
        if (metadata.getHasBluetooth()) {
            status.setBluetooth(BluetoothConnectionStatus.getDefaultInstance());
        }
        return status.build();
    }
}
