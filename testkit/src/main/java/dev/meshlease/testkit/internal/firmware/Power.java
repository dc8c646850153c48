package dev.meshlease.testkit.internal.firmware;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the node is going to do with itself: restart, or go off. A new plan replaces the one before. On the node's thread. */
final class Power {
    /*
     * Timers cannot be taken back, and a client may plan for 68 years, again and again. So nothing is scheduled further ahead than this,
     * and only if nothing is scheduled before it.
     */
    private static final long LOOK_AHEAD_NANOS = Duration.ofMinutes(1).toNanos();

    private final NodeHost world;
    private @Nullable Runnable action;
    private long dueNanos;
    /** When the plan is looked at next, or null for not at all. */
    private @Nullable Long wakeNanos;

    /**
     * @param world the host whose timers outlive a run of the firmware
     */
    Power(NodeHost world) {
        this.world = world;
    }

    void plan(Duration after, Runnable action) {
        this.action = action;
        dueNanos = now() + after.toNanos();
        watch();
    }

    void cancel() {
        action = null;
    }

    private void watch() {
        long wait = Math.min(dueNanos - now(), LOOK_AHEAD_NANOS);
        long wake = now() + wait;
        if (wakeNanos == null || wake - wakeNanos < 0) {
            wakeNanos = wake;
            world.schedule(wait, () -> look(wake));
        }
    }

    private void look(long wake) {
        if (wakeNanos == null || wakeNanos != wake) {
            return; // an earlier look has been planned since
        }
        wakeNanos = null;
        Runnable planned = action;
        if (planned == null) {
            return;
        }
        if (dueNanos - now() > 0) {
            watch();
        } else {
            action = null;
            planned.run();
        }
    }

    private long now() {
        return world.time().nanoTime();
    }
}
