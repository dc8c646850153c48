package dev.meshlease;

import java.time.Duration;
import java.util.Objects;

/**
 * Something of a node that one lease at a time may do, since the node keeps one state of it for all: see {@link Lease#exclusively}.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param <T> what its holder does it with
 */
public final class Exclusive<T extends AutoCloseable> {
    /** How long a lease waits for its turn if nothing else is said. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);

    /** What there is. */
    public enum Right {
        SETTINGS("settings"),
        XMODEM("xmodem"),
        MQTT_PROXY("mqtt proxy");

        private final String words;

        Right(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private final Right right;
    private final Class<T> type;
    private final Duration deadline;

    private Exclusive(Right right, Class<T> type, Duration deadline) {
        this.right = right;
        this.type = type;
        this.deadline = deadline;
    }

    /**
     * An edit of the node's settings, between {@code begin_edit_settings} and {@code commit_edit_settings}: all changes are saved at once,
     * and the node restarts once, some 7 s after the commit (source: the firmware's AdminModule). Meanwhile other leases' changes to the
     * own node wait.
     */
    public static Exclusive<SettingsEdit> settings() {
        return new Exclusive<>(Right.SETTINGS, SettingsEdit.class, DEFAULT_DEADLINE);
    }

    /** The transfer of files, {@code XModem} messages. The node's answers are watched by {@link Watch#messages()}. */
    public static Exclusive<RawExchange> xmodem() {
        return new Exclusive<>(Right.XMODEM, RawExchange.class, DEFAULT_DEADLINE);
    }

    /**
     * The role of the node's MQTT proxy, {@code MqttClientProxyMessage} messages. What the node wants published is watched by {@link
     * Watch#messages()}.
     */
    public static Exclusive<RawExchange> mqttProxy() {
        return new Exclusive<>(Right.MQTT_PROXY, RawExchange.class, DEFAULT_DEADLINE);
    }

    /**
     * The same; its turn is waited for that long at the most, a link that is down included. Default {@link #DEFAULT_DEADLINE}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Exclusive<T> within(Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("A deadline must be positive, not " + deadline);
        }
        return new Exclusive<>(right, type, deadline);
    }

    /** What it is about. */
    public Right right() {
        return right;
    }

    /** What its holder does it with. */
    public Class<T> type() {
        return type;
    }

    /** How long its turn is waited for. */
    public Duration deadline() {
        return deadline;
    }

    @Override
    public String toString() {
        return right.toString();
    }
}
