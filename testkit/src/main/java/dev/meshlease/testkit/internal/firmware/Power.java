package dev.meshlease.testkit.internal.firmware;

import java.time.Duration;

/** What the node is going to do with itself: restart, or go off. A new plan replaces the one before. On the node's thread. */
final class Power {
    private final NodeHost world;
    private int plans;

    /**
     * @param world the host whose timers outlive a run of the firmware
     */
    Power(NodeHost world) {
        this.world = world;
    }

    void plan(Duration after, Runnable action) {
        int plan = ++plans;
        world.schedule(after.toNanos(), () -> {
            if (plan == plans) {
                action.run();
            }
        });
    }

    void cancel() {
        plans++;
    }
}
