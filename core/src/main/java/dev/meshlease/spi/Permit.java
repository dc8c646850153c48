package dev.meshlease.spi;

import dev.meshlease.internal.permit.Issuer;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The right to make one physical connection. Only a registry gives it out, after it has claimed every key of the target, so that a
 * transport cannot be opened past the registry.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public final class Permit {
    private final Set<LinkKey> keys;
    private final AtomicBoolean redeemed = new AtomicBoolean();
    private volatile boolean expired;

    private Permit(Set<LinkKey> keys) {
        this.keys = Set.copyOf(keys);
    }

    /**
     * For the registry and the testkit only: {@link Issuer} is not exported to anyone else.
     *
     * @param authority the proof of being one of them
     * @param keys the keys that have been claimed
     * @return a permit for one connection
     */
    @SuppressWarnings("exports")
    public static Permit issue(Issuer authority, Set<LinkKey> keys) {
        Objects.requireNonNull(
                authority,
                "Permits are given out by a LinkRegistry, not made: ask it for a lease, acquire(endpoint, holder)");
        return new Permit(keys);
    }

    /**
     * For transports, of what they were given: there must be a permit.
     *
     * @throws NullPointerException if there is none; it says where to get one
     */
    public static Permit require(@Nullable Permit given) {
        return Objects.requireNonNull(
                given,
                "A connection needs a permit, which only a LinkRegistry gives out: ask it for a lease,"
                        + " acquire(endpoint, holder), instead of connecting past it");
    }

    /** The keys this permit is for. */
    public Set<LinkKey> keys() {
        return keys;
    }

    /**
     * Uses the permit up; the first thing that {@link Target#connect} does.
     *
     * @param target the keys of the target to connect to
     * @throws IllegalStateException if it was used before, is not for all of these keys, or was kept for later
     */
    public void redeem(Set<LinkKey> target) {
        if (!keys.containsAll(target)) {
            throw new IllegalStateException("This permit is for " + new TreeSet<>(keys) + ", not for "
                    + new TreeSet<>(target) + ". Only the registry gives them out, for what it has claimed.");
        }
        if (expired && !redeemed.get()) {
            throw new IllegalStateException("This permit for " + new TreeSet<>(keys)
                    + " has expired. It was good for the connection that it was given out for, and only while connect was called;"
                    + " the registry gives out another for the next, once it has claimed the keys anew.");
        }
        if (!redeemed.compareAndSet(false, true)) {
            throw new IllegalStateException("This permit for " + new TreeSet<>(keys)
                    + " was used before. A permit is good for one connection; only the registry gives them out.");
        }
    }

    /** Makes it good for nothing any more. The registry does so as soon as {@link Target#connect} has returned. Idempotent. */
    public void expire() {
        expired = true;
    }
}
