package dev.meshlease.internal.link;

import dev.meshlease.MeshleaseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a link is to be without the connection it has, and why: nobody needs one, the link is to be closed, or this one is too old.
 *
 * <p><b>Threading:</b> the loop only.
 */
final class WindingDown {
    /** For verdicts on what was sent last. */
    static final long LAST_VERDICT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Optional<Duration> maximumAge;
    private boolean wanted;
    private boolean closing;
    private @Nullable MeshleaseException closedWith;
    private boolean retiring;

    WindingDown(Optional<Duration> maximumAge) {
        this.maximumAge = maximumAge;
    }

    boolean isUnderWay() {
        return closing || !wanted || retiring;
    }

    /** Somebody needs a connection. */
    void demand() {
        wanted = true;
    }

    boolean isWanted() {
        return wanted;
    }

    /** Nobody needs one any more. */
    void rest() {
        wanted = false;
    }

    void close(@Nullable MeshleaseException with) {
        closing = true;
        closedWith = with;
    }

    boolean isClosing() {
        return closing;
    }

    Optional<MeshleaseException> closedWith() {
        return Optional.ofNullable(closedWith);
    }

    /** The connection is to be replaced. */
    void retire() {
        retiring = true;
    }

    /** The connection is gone; tells whether it was to be replaced. */
    boolean takeRetired() {
        boolean wasRetired = retiring;
        retiring = false;
        return wasRetired;
    }

    /** How old a connection may become; practically as old as it likes if nobody has said anything. */
    long maximumAgeNanos() {
        return maximumAge.map(Due::nanos).orElse(Due.LONGEST_NANOS);
    }

    /** For a person. */
    String why() {
        if (closing || !wanted) {
            return closedWith == null ? "closed by its holders" : "closed";
        }
        return "older than " + maximumAge.map(Duration::toString).orElse("?");
    }
}
