package dev.meshlease.testkit.node;

import dev.meshlease.testkit.internal.text.Spans;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One point in which nodes differ. Its usual value is that of firmware 2.7.26 on an ESP32-S3 with Wi-Fi, but for what would make tests slow
 * or surprise them: {@link #FRAME_TIME}, {@link #UNREAD_DISCARDED}, {@link #AIRTIME}, {@link #SLOT} and {@link #OWN_TELEMETRY}. A
 * {@link FirmwareProfile} and a {@link Variant} have values of their own, and a builder's word outranks both.
 *
 * <p>Times are from 0 to a year (365 days), without 0 where that would make no sense.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param <T> the type of its values
 */
public final class Switch<T> implements Comparable<Switch<?>> {
    private static final Map<String, Switch<?>> ALL = Collections.synchronizedMap(new LinkedHashMap<>());
    /** Zero would have a node poll without end. In words 1 ms is the shortest; what is measured without waiting looks more often. */
    private static final Duration SHORTEST = Duration.ofNanos(1);
    /** More would not fit into a clock's nanoseconds everywhere. */
    private static final Duration LONGEST = Duration.ofDays(365);

    // Connections

    /** Between two looks at the listening socket: 100 ms. One connection is accepted at each. */
    public static final Switch<Duration> ACCEPT_POLL = positive("accept-poll", Duration.ofMillis(100));
    /** What becomes of a connection while a client is being served: it takes over. */
    public static final Switch<Newcomer> NEWCOMER = choice("newcomer", Newcomer.TAKES_OVER);
    /** How the node ends a connection: in order, or by a reset if bytes of the client's are left unread. */
    public static final Switch<SessionEnd> SESSION_END = choice("session-end", SessionEnd.BY_UNREAD);
    /** How many connections wait for the accept poll; more of them hang while they connect. 4 on ESP32, 5 natively, 3 on a RAK4631. */
    public static final Switch<Integer> BACKLOG = count("backlog", 4, 1);
    /** Between two looks at a session that has sent something within the last 2 s: 5 ms. */
    public static final Switch<Duration> ACTIVE_POLL = positive("active-poll", Duration.ofMillis(5));
    /** The same for a quiet session: 250 ms. What the node has to say waits as long, at most. */
    public static final Switch<Duration> IDLE_POLL = positive("idle-poll", Duration.ofMillis(250));
    /** Without a frame from a client, even a malformed one, its connection is ended after this; zero for never. 15 min since 2.7.21. */
    public static final Switch<Duration> IDLE_TIMEOUT = duration("idle-timeout", Duration.ofMinutes(15));
    /** Whether the node sees that a client has closed its side. A native build does not until a write fails. */
    public static final Switch<Boolean> END_NOTICED = flag("end-noticed", true);

    // Writing and reading

    /** How long the node takes to write one frame; nothing is read or accepted meanwhile. Boards take milliseconds; here it is none. */
    public static final Switch<Duration> FRAME_TIME = duration("frame-time", Duration.ZERO);
    /**
     * Whether what has arrived unread is thrown away after each frame written. Not usual here; ESP32 boards do it to 2.7.26. Writing has to
     * take time for that: see {@link #FRAME_TIME}.
     */
    public static final Switch<Boolean> UNREAD_DISCARDED = flag("unread-discarded", false);
    /**
     * How many bytes a connection takes while the client does not read. In memory that is exact. On TCP the node gathers as much itself, at
     * most 32 KiB, and asks its kernel for as much again; Linux doubles that (never less than 4608 bytes), and what the client's kernel holds
     * comes on top. From 212,993 on the kernel has its way, which on Linux means up to 4 MiB.
     */
    public static final Switch<Integer> SEND_BUFFER = count("send-buffer", 5744, 1);
    /** How long a write waits, with all else standing still, before it comes up short. 10 s on ESP32, zero natively. */
    public static final Switch<Duration> WRITE_WAIT = duration("write-wait", Duration.ofSeconds(10));
    /** What happens after a short write: to 2.7.26 the frame is torn. */
    public static final Switch<ShortWrite> SHORT_WRITE = choice("short-write", ShortWrite.TORN);
    /** Whether a 94 that breaks a header may begin the next one. No firmware does that: {@code 94 94 C3} costs a frame. */
    public static final Switch<Boolean> RESYNC = flag("resync", false);

    // Queues

    /**
     * How many packets wait for a client: 8 on a classic ESP32 since 2.7.9, 16 or 32 on most boards, 100 natively. When it is full a text
     * pushes out the oldest, and anything else is lost itself.
     */
    public static final Switch<Integer> PHONE_QUEUE = count("phone-queue", 32, 1);
    /** How many queue statuses wait for a client; more push out the oldest. */
    public static final Switch<Integer> STATUS_QUEUE = count("status-queue", 2, 1);
    /** How many packets wait for transmission; more push out a less urgent one, or are refused with {@code res} 32. */
    public static final Switch<Integer> TX_QUEUE = count("tx-queue", 16, 1);

    // The handshake

    /** Module configurations in the state dump, 100 at most: 13 in 2.6, 16 (of which three are empty) in 2.7.26, 17 in 2.8. */
    public static final Switch<Integer> MODULE_CONFIGS = count("module-configs", 16, 1, 100);
    /** Whether the state dump has region presets; since 2.8. */
    public static final Switch<Boolean> REGION_PRESETS = flag("region-presets", false);
    /** Whether other nodes come without position and metrics; since 2.8. */
    public static final Switch<Boolean> THIN_NODES = flag("thin-nodes", false);
    /** Whether position, telemetry and status of other nodes follow the state dump as packets, after every handshake again; since 2.8. */
    public static final Switch<Boolean> REPLAY = flag("replay", false);
    /** Whether the nonces 69420 (no other nodes) and 69421 (nodes only) are special; since 2.6.8. */
    public static final Switch<Boolean> SPECIAL_NONCES = flag("special-nonces", true);
    /** How many frames of the state dump are written at one poll; 0 for all. Firmware writes all, unless writes come up short. */
    public static final Switch<Integer> DUMP_FRAMES_PER_POLL = count("dump-frames-per-poll", 0, 0);
    /** Whether a {@code want_config_id} in the middle of a dump goes on at the old index of channels and settings; to 2.7.26. */
    public static final Switch<Boolean> STALE_CONFIG_INDEX = flag("stale-config-index", true);
    /** Whether a heartbeat gets a queue status; since 2.7.4. */
    public static final Switch<Boolean> HEARTBEAT_ANSWERED = flag("heartbeat-answered", true);
    /** Whether a heartbeat with nonce 1 has the node introduce itself instead, once a minute at the most; since 2.7.23. */
    public static final Switch<Boolean> HEARTBEAT_ANNOUNCES = flag("heartbeat-announces", true);

    // Sending

    /** How many packet ids a session remembers to swallow repeats; 0 for none. One with a {@link #SIMULATED_RADIO} swallows nothing. */
    public static final Switch<Integer> ID_MEMORY = count("id-memory", 20, 0);
    /** Between two texts of a session: 2 s; zero for no limit. Only what is accepted starts it anew, as with those below. */
    public static final Switch<Duration> TEXT_INTERVAL = duration("text-interval", Duration.ofSeconds(2));
    /** Between two positions, two waypoints, two alerts or two telemetry packets: 10 s; zero for no limit. */
    public static final Switch<Duration> REPORT_INTERVAL = duration("report-interval", Duration.ofSeconds(10));
    /** Between two traceroutes: 30 s; zero for no limit. */
    public static final Switch<Duration> TRACEROUTE_INTERVAL = duration("traceroute-interval", Duration.ofSeconds(30));
    /** Whether a text that came too soon is refused by radio, so that the client learns of it only if it named the node as its sender. */
    public static final Switch<Boolean> REFUSAL_MISDIRECTED = flag("refusal-misdirected", true);

    // The radio

    /** How long the transmission of a short packet takes, a longer one more: 20 ms, which makes for quick tests; on air it is 436 ms. */
    public static final Switch<Duration> AIRTIME = duration("airtime", Duration.ofMillis(20));
    /**
     * The unit of the random waits before a transmission: 0 to 7 of them for a packet of the node's own, 16 to 143 for one that it repeats.
     * 1 ms here; on air it is 28 ms.
     */
    public static final Switch<Duration> SLOT = duration("slot", Duration.ofMillis(1));
    /** From the end of a transmission to what comes of it: the answer of a neighbour. One further away takes as much for each hop. 100 ms. */
    public static final Switch<Duration> MESH_DELAY = duration("mesh-delay", Duration.ofMillis(100));
    /** Between the three attempts for a packet that wants an ack, and from the last one to giving up: 7 s, so 21 s in all. */
    public static final Switch<Duration> RETRANSMIT_AFTER = positive("retransmit-after", Duration.ofSeconds(7));
    /** Whether the radio is that of {@code meshtasticd -s}: transmissions and receptions pass through the client as SIMULATOR_APP packets. */
    public static final Switch<Boolean> SIMULATED_RADIO = flag("simulated-radio", false);
    /** Whether the node reports its own metrics to the client every 60 s, as real ones do. Not usual here. */
    public static final Switch<Boolean> OWN_TELEMETRY = flag("own-telemetry", false);

    // Restarts

    /** What the client sees of a restart: nothing on a board. */
    public static final Switch<RebootStyle> REBOOT_STYLE = choice("reboot-style", RebootStyle.SILENT);
    /** How long a restart takes; connections are refused meanwhile. 5 s here, 30 ms natively. */
    public static final Switch<Duration> REBOOT_TIME = duration("reboot-time", Duration.ofSeconds(5));
    /** Whether {@code my_info} counts the restarts. The daemon's says nothing of them. */
    public static final Switch<Boolean> RESTARTS_COUNTED = flag("restarts-counted", true);
    /** Whether a new setting of the radio restarts the node, as in 2.6; in 2.7.26 it works at once. */
    public static final Switch<Boolean> LORA_RESTARTS = flag("lora-restarts", false);
    /** Whether the serial console says {@code rebooted} when the node starts; to 2.7.26. TCP never does. */
    public static final Switch<Boolean> REBOOT_ANNOUNCED = flag("reboot-announced", true);

    // The serial console

    /**
     * Without a frame from a client the serial console falls silent, too, after this, but for answers to heartbeats, until it is asked for
     * the node's state again: 15 min; zero for never.
     */
    public static final Switch<Duration> SERIAL_TIMEOUT = duration("serial-timeout", Duration.ofMinutes(15));
    /** Whether the serial console prints text while the node starts. */
    public static final Switch<Boolean> BOOT_TEXT = flag("boot-text", true);
    /** Whether the serial console prints log lines between frames. Boards do to 2.7.26, see {@link Variant#serialConsole()}. */
    public static final Switch<Boolean> LOG_TEXT = flag("log-text", false);
    /** Whether such lines may come in the middle of a frame, as on some boards. */
    public static final Switch<Boolean> LOG_INSIDE_FRAMES = flag("log-inside-frames", false);
    /** Whether opening the serial port restarts the node, by way of DTR and RTS. */
    public static final Switch<Boolean> RESET_ON_OPEN = flag("reset-on-open", false);

    private final String name;
    private final Class<T> type;
    private final T usual;
    private final Function<String, T> parser;
    private final Predicate<T> valid;
    private final String range;

    private Switch(String name, Class<T> type, T usual, Function<String, T> parser, Predicate<T> valid, String range) {
        this.name = name;
        this.type = type;
        this.usual = usual;
        this.parser = parser;
        this.valid = valid;
        this.range = range;
        ALL.put(name, this);
    }

    private static Switch<Duration> duration(String name, Duration usual) {
        return span(name, usual, Duration.ZERO, "0");
    }

    private static Switch<Duration> positive(String name, Duration usual) {
        return span(name, usual, SHORTEST, "1ms");
    }

    private static Switch<Duration> span(String name, Duration usual, Duration least, String leastInWords) {
        return new Switch<>(
                name,
                Duration.class,
                usual,
                Spans::parse,
                span -> span.compareTo(least) >= 0 && span.compareTo(LONGEST) <= 0,
                "a time from " + leastInWords + " to " + LONGEST.toHours() + "h, like 250ms, 2s or 15m");
    }

    private static Switch<Integer> count(String name, int usual, int least) {
        return count(name, usual, least, Integer.MAX_VALUE, "a number from " + least + " on");
    }

    private static Switch<Integer> count(String name, int usual, int least, int most) {
        return count(name, usual, least, most, "a number from " + least + " to " + most);
    }

    private static Switch<Integer> count(String name, int usual, int least, int most, String range) {
        return new Switch<>(
                name, Integer.class, usual, Integer::valueOf, number -> number >= least && number <= most, range);
    }

    private static Switch<Boolean> flag(String name, boolean usual) {
        return new Switch<>(name, Boolean.class, usual, Switch::onOrOff, value -> true, "on or off");
    }

    private static <E extends Enum<E>> Switch<E> choice(String name, E usual) {
        Class<E> type = usual.getDeclaringClass();
        List<String> names =
                Arrays.stream(type.getEnumConstants()).map(Switch::spelling).toList();
        return new Switch<>(
                name,
                type,
                usual,
                text -> type.getEnumConstants()[index(names, text)],
                value -> true,
                "one of " + String.join(", ", names));
    }

    private static String spelling(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int index(List<String> names, String text) {
        int index = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new IllegalArgumentException("no such choice");
        }
        return index;
    }

    private static boolean onOrOff(String text) {
        return switch (text) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> throw new IllegalArgumentException("neither on nor off");
        };
    }

    /** All switches, by topic. */
    public static List<Switch<?>> all() {
        synchronized (ALL) {
            return List.copyOf(ALL.values());
        }
    }

    /**
     * The switch of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Switch<?> named(String name) {
        Switch<?> found = ALL.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "There is no switch '" + name + "'. There are " + String.join(", ", ALL.keySet()));
        }
        return found;
    }

    /** Its name on a command line, like {@code idle-poll}. */
    public String name() {
        return name;
    }

    /** The type of its values. */
    public Class<T> type() {
        return type;
    }

    /** The value it has where nothing else was said. */
    public T usual() {
        return usual;
    }

    /** Its values in words. */
    public String range() {
        return range;
    }

    /**
     * Reads a value, like {@code 250ms}, {@code off} or {@code starves}.
     *
     * @throws IllegalArgumentException if it is none of this switch
     */
    public T parse(String text) {
        try {
            return check(parser.apply(text));
        } catch (IllegalArgumentException malformed) {
            throw wrong(text, malformed);
        }
    }

    T check(Object value) {
        Objects.requireNonNull(value, name);
        if (type.isInstance(value) && valid.test(type.cast(value))) {
            return type.cast(value);
        }
        throw wrong(value, null);
    }

    private IllegalArgumentException wrong(Object value, @Nullable Throwable cause) {
        return new IllegalArgumentException("'" + value + "' is no value of " + name + "; it takes " + range, cause);
    }

    @Override
    public int compareTo(Switch<?> other) {
        return name.compareTo(other.name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Switch<?> that && name.equals(that.name);
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
