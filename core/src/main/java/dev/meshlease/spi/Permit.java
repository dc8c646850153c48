package dev.meshlease.spi;

import dev.meshlease.internal.permit.Issuer;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to make one physical connection. Only a registry gives it out, after it has claimed every key of the target, so that a
 * transport cannot be opened past the registry.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public final class Permit {
    private final Set<LinkKey> keys;
    private final AtomicBoolean redeemed = new AtomicBoolean();

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
        Objects.requireNonNull(authority, "authority");
        return new Permit(keys);
    }

    /** The keys this permit is for. */
    public Set<LinkKey> keys() {
        return keys;
    }

    /**
     * Uses the permit up; the first thing that {@link Target#connect} does.
     *
     * @param target the keys of the target to connect to
     * @throws IllegalStateException if it was used before, or is not for all of these keys
     */
    public void redeem(Set<LinkKey> target) {
        if (!keys.containsAll(target)) {
            throw new IllegalStateException("This permit is for " + new TreeSet<>(keys) + ", not for "
                    + new TreeSet<>(target) + ". Only the registry gives them out, for what it has claimed.");
        }
        if (!redeemed.compareAndSet(false, true)) {
            throw new IllegalStateException("This permit for " + new TreeSet<>(keys)
                    + " was used before. A permit is good for one connection; only the registry gives them out.");
        }
    }
}
