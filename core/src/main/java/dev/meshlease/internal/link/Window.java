package dev.meshlease.internal.link;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one packet that the node has been given and has not said anything of. While it keeps silent it gets nothing more: it may be that it
 * does not read, and then it would find all that was written at once, and drop what comes too soon after the last.
 *
 * <p>A verdict that is overdue may stand behind other things that the node has to say. So it is missing only once the node has fallen
 * quiet for half a second, or after half a minute. The packet is said once more then, and after that the node is asked for a sign that it
 * reads at all. Firmware before 2.7.4 gives none, and is believed to after half a minute.
 */
final class Window {
    static final long VERDICT_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);
    static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long SIGN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private @Nullable Shipment shipment;
    private long writtenNanos;
    private long spokenNanos;
    private boolean repeated;
    private boolean doubtful;
    private long probeNanos;
    private long believedNanos;

    /** Something more may be written. */
    boolean isFree() {
        return shipment == null;
    }

    /** A verdict may still come. */
    boolean isAwaited() {
        return shipment != null && !doubtful;
    }

    boolean has(Shipment other) {
        return other.equals(shipment);
    }

    /** What is in it, if that has this id on the wire. */
    @Nullable
    Shipment of(int wireId) {
        return shipment != null && shipment.wireId() == wireId ? shipment : null;
    }

    /** What is in it. */
    @Nullable
    Shipment shipment() {
        return shipment;
    }

    void wrote(Shipment written, Moment now) {
        repeated = has(written);
        shipment = written;
        writtenNanos = now.nanos();
        spokenNanos = now.nanos() - QUIET_NANOS;
        doubtful = false;
    }

    /** The node says something that waits in one line with verdicts. */
    void spoken(Moment now) {
        spokenNanos = now.nanos();
    }

    void clear() {
        shipment = null;
    }

    /** Whether it should have had its verdict by now. */
    boolean isOverdue(Moment now) {
        return isAwaited() && now.isAtOrAfter(overdueNanos());
    }

    boolean wasRepeated() {
        return repeated;
    }

    /** No verdict is waited for any more, but a sign that the node reads. */
    void doubt(Moment now) {
        doubtful = true;
        probeNanos = now.nanos();
        believedNanos = now.nanos() + SIGN_NANOS;
    }

    /** Whether to ask for a sign. */
    boolean wantsSign(Moment now) {
        boolean isDue = shipment != null && doubtful && now.isAtOrAfter(probeNanos);
        if (isDue) {
            probeNanos = now.nanos() + PROBE_NANOS;
        }
        return isDue;
    }

    /** Whether the node is taken to read although it gave no sign. */
    boolean isBelieved(Moment now) {
        return shipment != null && doubtful && now.isAtOrAfter(believedNanos);
    }

    long dueNanos() {
        return doubtful ? Due.earlier(probeNanos, believedNanos) : overdueNanos();
    }

    private long overdueNanos() {
        long quiet = Due.later(writtenNanos + VERDICT_NANOS, spokenNanos + QUIET_NANOS);
        return Due.earlier(quiet, writtenNanos + LONGEST_NANOS);
    }
}
