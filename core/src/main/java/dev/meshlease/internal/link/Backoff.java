package dev.meshlease.internal.link;

import dev.meshlease.ReconnectPolicy;
import java.util.random.RandomGenerator;

/** The waits between attempts: doubling, with jitter, starting over only after a steady connection. */
final class Backoff {
    private final ReconnectPolicy policy;
    private final RandomGenerator random;
    private long baseNanos;
    private boolean grown;

    Backoff(ReconnectPolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
        this.baseNanos = Due.nanos(policy.first());
    }

    /** Goes on where another was, as far as the policy lets it. */
    void continues(Backoff former) {
        baseNanos = Math.max(baseNanos, Math.min(former.baseNanos, Due.nanos(policy.longest())));
        grown = former.grown;
    }

    /** Whether it has not started over since the last attempt that failed. */
    boolean hasGrown() {
        return grown;
    }

    /** The next wait, in nanoseconds. */
    long next() {
        long base = baseNanos;
        grown = true;
        long longest = Due.nanos(policy.longest());
        baseNanos = base > longest / 2 ? longest : base * 2;
        double factor = 1 + policy.jitter() * (2 * random.nextDouble() - 1);
        return (long) (base * factor);
    }

    /** A connection is over that was READY for this long; tells whether that was steady. */
    boolean wasReadyFor(long nanos) {
        boolean wasSteady = nanos >= Due.nanos(policy.steadyAfter());
        if (wasSteady) {
            reset();
        }
        return wasSteady;
    }

    void reset() {
        grown = false;
        baseNanos = Due.nanos(policy.first());
    }
}
