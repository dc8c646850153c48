package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.UnknownFieldSet;
import dev.meshlease.proto.Config;
import java.util.List;

/** Which new settings work only after a restart. */
final class Restarts {
    private static final int SCREEN_ON_SECS = 1;
    private static final int FLIP_SCREEN = 5;
    private static final int OLED = 7;
    private static final int DISPLAY_MODE = 8;

    private Restarts() {}

    /**
     * Whether the change needs one, LoRa settings left aside: that hangs on the firmware.
     *
     * @param before a section as it was
     * @param after the same section as it is to be
     */
    static boolean areNeeded(Config before, Config after) {
        return switch (after.getPayloadVariantCase()) {
            case DEVICE -> !decisive(before.getDevice()).equals(decisive(after.getDevice()));
            case POWER -> !decisive(before.getPower()).equals(decisive(after.getPower()));
            case DISPLAY -> !decisive(before.getDisplay()).equals(decisive(after.getDisplay()));
            case SECURITY -> false;
            default -> true;
        };
    }

    /** Whether the radio is to work in another way. */
    static boolean areNeeded(Config.LoRaConfig before, Config.LoRaConfig after) {
        return !decisive(before).equals(decisive(after));
    }

    private static List<Object> decisive(Config.DeviceConfig device) {
        return List.of(
                device.getButtonGpio(),
                device.getBuzzerGpio(),
                device.getRoleValue(),
                device.getRebroadcastModeValue());
    }

    /** All but the calibration of the battery gauge. */
    private static List<Object> decisive(Config.PowerConfig power) {
        return List.of(
                power.getIsPowerSaving(),
                power.getOnBatteryShutdownAfterSecs(),
                power.getWaitBluetoothSecs(),
                power.getSdsSecs(),
                power.getLsSecs(),
                power.getMinWakeSecs(),
                power.getDeviceBatteryInaAddress());
    }

    private static List<UnknownFieldSet.Field> decisive(Config.DisplayConfig display) {
        UnknownFieldSet fields = display.getUnknownFields();
        return List.of(
                fields.getField(SCREEN_ON_SECS),
                fields.getField(FLIP_SCREEN),
                fields.getField(OLED),
                fields.getField(DISPLAY_MODE));
    }

    private static List<Object> decisive(Config.LoRaConfig lora) {
        return List.of(
                lora.getUsePreset(),
                lora.getModemPresetValue(),
                lora.getBandwidth(),
                lora.getSpreadFactor(),
                lora.getCodingRate(),
                lora.getFrequencyOffset(),
                lora.getRegionValue(),
                lora.getTxPower(),
                lora.getChannelNum(),
                lora.getOverrideFrequency(),
                lora.getSx126XRxBoostedGain());
    }
}
