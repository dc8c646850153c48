package dev.meshlease.testkit.fault;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong between a simulated node and its clients: what, and when, and how often.
 *
 * <pre>{@code
 * Fault.drop().to(Receiver.CLIENT).chance(0.1)       // drop:to=client,chance=0.1
 * Fault.reset().at(Point.CONFIG_COMPLETE).times(1)   // reset:at=config_complete,times=1
 * Fault.delay(Duration.ofMillis(200))                // delay:by=200ms
 * Fault.duel(Duration.ofSeconds(2))                  // duel:every=2s
 * }</pre>
 *
 * <p><b>When.</b> One that happens to frames strikes each frame, in both directions. One that happens to a connection or the node strikes
 * each client's connection once: as soon as it is accepted, or now. {@link #refuse} alone needs no client: it strikes at once, and once,
 * unless it is told a connection. With {@link #at} or {@link #after} a fault strikes just before the frame that was named, which is the
 * first to suffer. What still lasts is not begun again. Rivals' connections do not count, and nothing happens to them.
 *
 * <p><b>As text</b>, both ways: the kind, and behind a colon what else is to be said, in any order: {@code to=client|node}, {@code
 * at=POINT}, {@code after=FRAMES}, {@code chance=0.1}, {@code times=N}, {@code for=TIME}, {@code connection=N}; {@code by=TIME} for a delay
 * and {@code every=TIME} for a duel. Kinds and points are spelled {@code stall-reading} and {@code my_info}, times {@code 250ms}, {@code
 * 2s}, {@code 15m}, {@code 1h}. Several are joined by {@code +}.
 *
 * <p>Times are whole milliseconds, from 1 ms to 24 h. Whatever is a matter of chance depends on the node's seed. The factories are easier
 * to read than the constructor.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param kind what goes wrong
 * @param span by how much a delay delays, or from one end of a rival's connection to its next appearance in a duel; else null
 * @param to whose frames it strikes, or loses in silence; null for both directions
 * @param at the point at which it strikes; null for any
 * @param after how many frames of a connection pass unharmed before: of those that it could strike, or for a fault that is not one of
 *     frames and has no point, of those that the client gets
 * @param chance how likely it is on each occasion, more than 0 and up to 1
 * @param times how often it strikes at the most
 * @param lasting how long it lasts: for a fault of frames since it was injected, for others since it struck; null for as long as can be
 * @param connection the one of the clients' connections that it concerns, 1 being the one at the time of its injection or the first
 *     afterwards; 0 for all
 */
public record Fault(
        FaultKind kind,
        @Nullable Duration span,
        @Nullable Receiver to,
        @Nullable Point at,
        int after,
        double chance,
        int times,
        @Nullable Duration lasting,
        int connection) {
    /** As often as there is occasion: the value of {@link #times()} where nothing was said. */
    public static final int ALWAYS = Integer.MAX_VALUE;

    /** @throws IllegalArgumentException if it makes no sense; the message says what to write */
    public Fault {
        Objects.requireNonNull(kind, "kind");
        FaultRules.check(kind, span, to, at, after, chance, times, lasting, connection);
    }

    private static Fault of(FaultKind kind) {
        return new Fault(kind, null, null, null, 0, 1, ALWAYS, null, 0);
    }

    private static Fault measured(FaultKind kind, Duration span) {
        return new Fault(kind, span, null, null, 0, 1, ALWAYS, null, 0);
    }

    /** Frames are lost. */
    public static Fault drop() {
        return of(FaultKind.DROP);
    }

    /** Frames come late. The order of bytes stays: what follows waits behind them. */
    public static Fault delay(Duration by) {
        return measured(FaultKind.DELAY, by);
    }

    /** A byte of a frame, header included, has another value. */
    public static Fault corrupt() {
        return of(FaultKind.CORRUPT);
    }

    /** The end of a frame is missing. */
    public static Fault truncate() {
        return of(FaultKind.TRUNCATE);
    }

    /** Bytes of anything come before a frame. */
    public static Fault garbage() {
        return of(FaultKind.GARBAGE);
    }

    /** Frames come byte by byte. */
    public static Fault splitEverywhere() {
        return of(FaultKind.SPLIT);
    }

    /** Nothing passes, in one direction or both, until the connection ends or for some time; what is said meanwhile is lost. */
    public static Fault silence() {
        return of(FaultKind.SILENCE);
    }

    /** The node stops reading, until the connection ends or for some time. */
    public static Fault stallReading() {
        return of(FaultKind.STALL_READING);
    }

    /** What the node writes is stuck, until the connection ends or for some time. */
    public static Fault stallWriting() {
        return of(FaultKind.STALL_WRITING);
    }

    /** The connection is ended in order (FIN). */
    public static Fault close() {
        return of(FaultKind.CLOSE);
    }

    /** The connection is aborted (RST). */
    public static Fault reset() {
        return of(FaultKind.RESET);
    }

    /** The node restarts, as in {@code SimulatedNode.reboot()}. */
    public static Fault reboot() {
        return of(FaultKind.REBOOT);
    }

    /** New connections are refused for a while. */
    public static Fault refuse(Duration lasting) {
        return new Fault(FaultKind.REFUSE, null, null, null, 0, 1, ALWAYS, lasting, 0);
    }

    /** Another client connects, which evicts the one there is unless newcomers starve, and stays until it is evicted itself or for some time. */
    public static Fault rival() {
        return of(FaultKind.RIVAL);
    }

    /**
     * Two clients evict each other: a rival that connects again after it has lost its connection. Each time counts as a strike.
     *
     * @param every how long it stays away
     */
    public static Fault duel(Duration every) {
        return measured(FaultKind.DUEL, every);
    }

    /** Only in frames for that side; of silence, that side hears nothing. */
    public Fault to(Receiver receiver) {
        return new Fault(
                kind,
                span,
                Objects.requireNonNull(receiver, "receiver"),
                at,
                after,
                chance,
                times,
                lasting,
                connection);
    }

    /** Only at that point of the conversation, each time it is reached. */
    public Fault at(Point point) {
        return new Fault(
                kind, span, to, Objects.requireNonNull(point, "point"), after, chance, times, lasting, connection);
    }

    /**
     * Only after so many frames of each connection.
     *
     * @param frames 0 or more
     */
    public Fault after(int frames) {
        return new Fault(kind, span, to, at, frames, chance, times, lasting, connection);
    }

    /**
     * Only with some likelihood, on each occasion anew.
     *
     * @param likelihood more than 0, up to 1
     */
    public Fault chance(double likelihood) {
        return new Fault(kind, span, to, at, after, likelihood, times, lasting, connection);
    }

    /**
     * Only so often.
     *
     * @param most 1 or more
     */
    public Fault times(int most) {
        return new Fault(kind, span, to, at, after, chance, most, lasting, connection);
    }

    /** Only for so long: one of frames since it was injected, others since they struck. */
    public Fault lasting(Duration time) {
        return new Fault(kind, span, to, at, after, chance, times, Objects.requireNonNull(time, "time"), connection);
    }

    /**
     * Only on that one of the clients' connections.
     *
     * @param number 1 for the one at the time of the injection, or the first afterwards; 2 for the one after that, and so on
     */
    public Fault connection(int number) {
        if (number == 0) {
            throw FaultRules.wrongConnection(number);
        }
        return new Fault(kind, span, to, at, after, chance, times, lasting, number);
    }

    /**
     * Reads one fault.
     *
     * @throws IllegalArgumentException if it is none; the message says what to write
     */
    public static Fault parse(String text) {
        return FaultText.parse(text);
    }

    /**
     * Reads faults joined by {@code +}.
     *
     * @throws IllegalArgumentException if one of them is none; the message says what to write
     */
    public static List<Fault> parseAll(String text) {
        return FaultText.parseAll(text);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return FaultText.format(this);
    }
}
