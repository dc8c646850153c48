package dev.meshlease.testkit.internal.firmware;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the node is going to do with itself: restart, or go off. A new plan replaces the one before. On the node's thread. */
final class Power {
    /** A client may plan for in 68 years, as often as it likes, and timers cannot be taken back: so none is for much later. */
    private static final long LOOK_NANOS = Duration.ofHours(1).toNanos();

    private final NodeHost world;
    private @Nullable Plan plan;
    /** When the next look at the plan is due, or null for not at all. */
    private @Nullable Long wakeNanos;

    private record Plan(long dueNanos, Runnable action) {}

    /**
     * @param world the host whose timers outlive a run of the firmware
     */
    Power(NodeHost world) {
        this.world = world;
    }

    void plan(Duration after, Runnable action) {
        long due = world.time().nanoTime() + after.toNanos();
        plan = new Plan(due, action);
        lookAt(due);
    }

    void cancel() {
        plan = null;
    }

    private void lookAt(long dueNanos) {
        long now = world.time().nanoTime();
        long delay = Math.min(LOOK_NANOS, dueNanos - now);
        if (wakeNanos == null || now + delay - wakeNanos < 0) {
            long planned = now + delay;
            wakeNanos = planned;
            world.schedule(delay, () -> wake(planned));
        }
    }

    private void wake(long planned) {
        if (wakeNanos == null || wakeNanos != planned) {
            return; // an earlier look has been planned since
        }
        wakeNanos = null;
        Plan next = plan;
        if (next == null) {
            return;
        }
        if (next.dueNanos() - world.time().nanoTime() > 0) {
            lookAt(next.dueNanos());
        } else {
            plan = null;
            next.action().run();
        }
    }
}
