package dev.meshlease;

import dev.meshlease.proto.Config;
import dev.meshlease.proto.ModuleConfig;
import java.util.Objects;

/**
 * A part of what a node has told about itself, as small as it can be changed and asked for.
 *
 * @param kind which kind of part
 * @param number which one of that kind: the field number of a section in {@code Config} or {@code ModuleConfig}, the index of a channel; else
 *     0
 */
public record SettingsPart(Kind kind, int number) {
    /** The kinds of parts. */
    public enum Kind {
        /** A section of the configuration. */
        CONFIG,
        /** A section of the modules' configuration. */
        MODULE_CONFIG,
        /** A channel. */
        CHANNEL,
        /** The node's own names. */
        OWNER,
        /** Which nodes it knows, and as what. */
        NODES
    }

    /** The node's own names. */
    public static final SettingsPart OWNER = new SettingsPart(Kind.OWNER, 0);

    /** Which nodes it knows, and as what. */
    public static final SettingsPart NODES = new SettingsPart(Kind.NODES, 0);

    public SettingsPart {
        Objects.requireNonNull(kind, "kind");
    }

    /** A section of the configuration. */
    public static SettingsPart config(Config.PayloadVariantCase section) {
        return new SettingsPart(Kind.CONFIG, section.getNumber());
    }

    /** A section of the modules' configuration. */
    public static SettingsPart moduleConfig(ModuleConfig.PayloadVariantCase section) {
        return new SettingsPart(Kind.MODULE_CONFIG, section.getNumber());
    }

    /** A channel. */
    public static SettingsPart channel(int index) {
        return new SettingsPart(Kind.CHANNEL, index);
    }

    /** As in {@code config LORA}, {@code channel 2}. */
    @Override
    public String toString() {
        return switch (kind) {
            case CONFIG -> "config " + Config.PayloadVariantCase.forNumber(number);
            case MODULE_CONFIG -> "module config " + ModuleConfig.PayloadVariantCase.forNumber(number);
            case CHANNEL -> "channel " + number;
            case OWNER -> "owner";
            case NODES -> "nodes";
        };
    }
}
