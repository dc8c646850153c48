package dev.meshlease;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a link waits between attempts to connect: each wait is twice the last, between {@code first} and {@code longest}, give or take
 * the jitter. The waits start over only after a connection that was READY for {@code steadyAfter}: a node that accepts and drops at once
 * is not to be hammered. Nor do they start over because a link was closed or rested meanwhile; what is begun is waited out by the next
 * lease, for up to 10 minutes.
 *
 * @param first the first wait; positive. Default 1 s
 * @param longest the longest wait; not shorter than the first. Default 60 s
 * @param jitter how much a wait may differ at random, 0 to 1 as a fraction. Default 0.2
 * @param steadyAfter how long READY must have lasted for the waits to start over; not negative. Default 30 s
 */
public record ReconnectPolicy(Duration first, Duration longest, double jitter, Duration steadyAfter) {
    /** The defaults. */
    public static final ReconnectPolicy DEFAULT =
            new ReconnectPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), 0.2, Duration.ofSeconds(30));

    /**
     * @throws IllegalArgumentException if a value is out of its range
     */
    public ReconnectPolicy {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(longest, "longest");
        Objects.requireNonNull(steadyAfter, "steadyAfter");
        if (first.isNegative() || first.isZero()) {
            throw new IllegalArgumentException("The first wait must be positive, not " + first);
        }
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "The longest wait (" + longest + ") must not be shorter than the first (" + first + ")");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("Jitter is a fraction from 0 to 1, not " + jitter);
        }
        if (steadyAfter.isNegative()) {
            throw new IllegalArgumentException("steadyAfter must not be negative, but is " + steadyAfter);
        }
    }
}
