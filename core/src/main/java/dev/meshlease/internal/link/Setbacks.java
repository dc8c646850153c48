package dev.meshlease.internal.link;

import dev.meshlease.Contention;
import dev.meshlease.LinkLoss;
import dev.meshlease.ReconnectPolicy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** The last losses of a link, oldest first, and what it has learnt from them: how long to wait, and whether a rival is behind them. */
final class Setbacks {
    private static final int MOST = 16;

    private final ArrayDeque<LinkLoss> losses = new ArrayDeque<>();
    private final Backoff backoff;
    private final Rivalry rivalry;

    Setbacks(ReconnectPolicy policy, RandomGenerator random) {
        backoff = new Backoff(policy, random);
        rivalry = new Rivalry(random);
    }

    /**
     * One more.
     *
     * @param openNanos how long the session's connection stood; empty if it did not come about
     * @param readyNanos how long the session was READY; empty if it never was
     */
    void add(LinkLoss loss, OptionalLong openNanos, OptionalLong readyNanos) {
        readyNanos.ifPresent(backoff::wasReadyFor);
        if (losses.size() == MOST) {
            losses.remove();
        }
        losses.add(rivalry.judge(loss, openNanos, readyNanos.isPresent()));
    }

    /** How long to wait before the next attempt, in nanoseconds. Longer each time. */
    long nextWait() {
        return Math.max(backoff.next(), rivalry.next());
    }

    /** Somebody wants it tried at once; waits start over. */
    void reset() {
        backoff.reset();
        rivalry.reset();
    }

    /** Nobody disputes the connection any more. */
    void uncontested() {
        rivalry.over();
    }

    boolean isContended() {
        return rivalry.isContended();
    }

    Optional<Contention> contention() {
        return rivalry.contention();
    }

    List<LinkLoss> losses() {
        return List.copyOf(losses);
    }
}
