package dev.meshlease.testkit.node;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** A firmware release whose behaviour is known. */
public enum FirmwareProfile {
    /**
     * 2.6.11: no idle limit, no answer to heartbeats, intervals between packets of a kind not enforced but for traceroutes, 13 module
     * configurations.
     */
    V2_6(
            "2.6.11.60ec05e",
            "2.6",
            Behaviour.of(Map.of(
                    Switch.LORA_RESTARTS,
                    true,
                    Switch.IDLE_TIMEOUT,
                    Duration.ZERO,
                    Switch.HEARTBEAT_ANSWERED,
                    false,
                    Switch.HEARTBEAT_ANNOUNCES,
                    false,
                    Switch.TEXT_INTERVAL,
                    Duration.ZERO,
                    Switch.REPORT_INTERVAL,
                    Duration.ZERO,
                    Switch.MODULE_CONFIGS,
                    13))),
    /** 2.7.26, the release that most of the switches' usual values are taken from. */
    V2_7("2.7.26.54e0d8d", "2.7.26", Behaviour.usual()),
    /**
     * 2.8.0: region presets and a 17th module configuration in the state dump, nodes without position and metrics there but repeated as
     * packets behind it, and a connection ended when a write comes up short.
     */
    V2_8(
            "2.8.0.7754068",
            "2.8",
            Behaviour.of(Map.of(
                    Switch.MODULE_CONFIGS, 17,
                    Switch.REGION_PRESETS, true,
                    Switch.THIN_NODES, true,
                    Switch.REPLAY, true,
                    Switch.STALE_CONFIG_INDEX, false,
                    Switch.REBOOT_ANNOUNCED, false,
                    Switch.SHORT_WRITE, ShortWrite.CLOSE)));

    private final String version;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // it is immutable, behind a map
    private final Behaviour behaviour;

    FirmwareProfile(String version, String label, Behaviour behaviour) {
        this.version = version;
        this.label = label;
        this.behaviour = behaviour;
    }

    /** The version it reports, like {@code 2.7.26.54e0d8d}. */
    public String version() {
        return version;
    }

    /** Its name on a command line: {@code 2.6}, {@code 2.7.26} or {@code 2.8}. */
    public String label() {
        return label;
    }

    /** Where it differs from the usual. */
    public Behaviour behaviour() {
        return behaviour;
    }

    /**
     * The profile of that name.
     *
     * @param text a label, or the beginning of a version from its first two numbers on: {@code 2.7}, {@code 2.7.26}
     * @throws IllegalArgumentException if there is none
     */
    public static FirmwareProfile parse(String text) {
        return Arrays.stream(values())
                .filter(profile -> profile.isMeantBy(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no firmware profile '" + text
                        + "'. There are "
                        + Arrays.stream(values()).map(FirmwareProfile::label).collect(Collectors.joining(", "))));
    }

    private boolean isMeantBy(String text) {
        boolean begins = text.indexOf('.') >= 0 && (version + ".").startsWith(text + ".");
        return begins || text.equals(label);
    }
}
