package dev.meshlease.testkit.node;

import dev.meshlease.proto.HardwareModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A kind of node: a board and its way of being connected. What it does may depend on the firmware. With all but {@link #standard()},
 * transmissions take as long as on air.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class Variant {
    private static final int ESP32_SEND_BUFFER = 5744;
    private static final int LINUX_SEND_BUFFER = 2 * 1024 * 1024;

    /** What the radio takes with the usual preset, {@code LONG_FAST}. */
    private static final Behaviour ON_AIR =
            Behaviour.of(Map.of(Switch.AIRTIME, Duration.ofMillis(436), Switch.SLOT, Duration.ofMillis(28)));

    private final String name;
    private final String about;
    private final String board;
    private final HardwareModel model;
    private final Function<FirmwareProfile, Behaviour> behaviour;

    private Variant(
            String name,
            String about,
            String board,
            HardwareModel model,
            Function<FirmwareProfile, Behaviour> behaviour) {
        this.name = name;
        this.about = about;
        this.board = board;
        this.model = model;
        this.behaviour = behaviour;
    }

    /** An ESP32-S3 on Wi-Fi whose writes take no time: every switch at its usual value. What a builder makes if nothing else is said. */
    public static Variant standard() {
        return new Variant(
                "standard",
                "ESP32-S3 on Wi-Fi whose writes take no time",
                "heltec-v3",
                HardwareModel.HELTEC_V3,
                firmware -> Behaviour.usual());
    }

    /** A classic ESP32 on Wi-Fi: 8 packets for the client since 2.7.9, and to 2.7.26 what arrives while it writes is lost. */
    public static Variant esp32Wifi() {
        return new Variant(
                "esp32-wifi",
                "classic ESP32 on Wi-Fi",
                "tbeam",
                HardwareModel.TBEAM,
                firmware -> esp32(firmware).with(Switch.PHONE_QUEUE, firmware == FirmwareProfile.V2_6 ? 32 : 8));
    }

    /** An ESP32-S3 with an Ethernet chip (W5500, CH390D): the same server, 32 packets for the client. */
    public static Variant esp32Ethernet() {
        return new Variant(
                "esp32-ethernet", "ESP32-S3 on Ethernet", "station-g2", HardwareModel.STATION_G2, Variant::esp32);
    }

    private static Behaviour esp32(FirmwareProfile firmware) {
        return ON_AIR.with(Behaviour.of(Map.of(
                Switch.FRAME_TIME,
                Duration.ofMillis(5),
                Switch.SEND_BUFFER,
                ESP32_SEND_BUFFER,
                Switch.UNREAD_DISCARDED,
                firmware != FirmwareProfile.V2_8,
                Switch.OWN_TELEMETRY,
                true)));
    }

    /**
     * A RAK4631 with the RAK13800 Ethernet module (W5100S): since 2.7.21 a second connection stays open and is never served while the
     * first lives; before, it takes over 600 ms later. The chip has four sockets in all.
     */
    public static Variant rak4631Ethernet() {
        return new Variant(
                "rak4631-ethernet",
                "RAK4631 on Ethernet; a newcomer starves",
                "rak4631_eth_gw",
                HardwareModel.RAK4631,
                firmware -> ON_AIR.with(Behaviour.of(Map.of(
                        Switch.NEWCOMER,
                        firmware == FirmwareProfile.V2_6 ? Newcomer.TAKES_OVER_LATE : Newcomer.STARVES,
                        Switch.SESSION_END,
                        SessionEnd.FIN,
                        Switch.BACKLOG,
                        3,
                        Switch.FRAME_TIME,
                        Duration.ofMillis(5),
                        Switch.PHONE_QUEUE,
                        firmware == FirmwareProfile.V2_8 ? 16 : 32,
                        Switch.OWN_TELEMETRY,
                        true))));
    }

    /**
     * {@code meshtasticd} on Linux: it does not see a client's end, keeps 100 packets for one, and says goodbye before it restarts.
     */
    public static Variant nativeDaemon() {
        return new Variant(
                "native-daemon",
                "meshtasticd on Linux",
                "native",
                HardwareModel.PORTDUINO,
                firmware -> ON_AIR.with(Switch.RESTARTS_COUNTED, false)
                        .with(Behaviour.of(Map.of(
                                Switch.END_NOTICED,
                                false,
                                Switch.PHONE_QUEUE,
                                100,
                                Switch.BACKLOG,
                                5,
                                Switch.SEND_BUFFER,
                                LINUX_SEND_BUFFER,
                                Switch.WRITE_WAIT,
                                Duration.ZERO,
                                Switch.OWN_TELEMETRY,
                                true,
                                Switch.REBOOT_STYLE,
                                RebootStyle.CLEAN,
                                Switch.REBOOT_TIME,
                                Duration.ofMillis(30)))));
    }

    /** A board on its USB serial console: log text between frames, and silence after 15 min without a word from the client. */
    public static Variant serialConsole() {
        return new Variant(
                "serial-console",
                "board on USB serial",
                "heltec-v3",
                HardwareModel.HELTEC_V3,
                firmware -> ON_AIR.with(Behaviour.of(
                        Map.of(Switch.LOG_TEXT, firmware != FirmwareProfile.V2_8, Switch.OWN_TELEMETRY, true))));
    }

    /** All variants. */
    public static List<Variant> all() {
        return List.of(standard(), esp32Wifi(), esp32Ethernet(), rak4631Ethernet(), nativeDaemon(), serialConsole());
    }

    /**
     * The variant of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Variant named(String name) {
        return all().stream()
                .filter(variant -> variant.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no variant '" + name + "'. There are "
                        + String.join(", ", all().stream().map(Variant::name).toList())));
    }

    /** Its name on a command line, like {@code esp32-wifi}. */
    public String name() {
        return name;
    }

    /** What it is, in a few words. */
    public String about() {
        return about;
    }

    /** The name of its build, {@code pio_env} in the state dump. */
    public String board() {
        return board;
    }

    /** Its hardware. */
    public HardwareModel model() {
        return model;
    }

    /** How it behaves with a firmware. */
    public Behaviour behaviour(FirmwareProfile firmware) {
        Objects.requireNonNull(firmware, "firmware");
        return firmware.behaviour().with(behaviour.apply(firmware));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Variant that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
