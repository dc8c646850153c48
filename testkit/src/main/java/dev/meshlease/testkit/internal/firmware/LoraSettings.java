package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.Config;

/** What a modem preset stands for. */
final class LoraSettings {
    private LoraSettings() {}

    /** The settings as the radio works with them: what a preset decides is filled in where it was left open. */
    static Config.LoRaConfig completed(Config.LoRaConfig wanted) {
        if (!wanted.getUsePreset()) {
            return wanted;
        }
        Config.LoRaConfig.Builder settings = wanted.toBuilder();
        int spread = spreadFactor(wanted.getModemPreset());
        if (wanted.getSpreadFactor() == 0 && spread != 0) {
            settings.setSpreadFactor(spread);
        }
        if (wanted.getCodingRate() == 0 && spread != 0) {
            settings.setCodingRate(codingRate(wanted.getModemPreset()));
        }
        return settings.build();
    }

    /** Zero for presets whose values are not known here. */
    private static int spreadFactor(Config.LoRaConfig.ModemPreset preset) {
        return switch (preset) {
            case SHORT_TURBO, SHORT_FAST -> 7;
            case SHORT_SLOW -> 8;
            case MEDIUM_FAST -> 9;
            case MEDIUM_SLOW -> 10;
            case LONG_FAST, LONG_MODERATE, LONG_TURBO -> 11;
            case LONG_SLOW, VERY_LONG_SLOW -> 12;
            default -> 0;
        };
    }

    private static int codingRate(Config.LoRaConfig.ModemPreset preset) {
        return switch (preset) {
            case LONG_MODERATE, LONG_SLOW, LONG_TURBO, VERY_LONG_SLOW -> 8;
            default -> 5;
        };
    }
}
