package dev.meshlease.testkit.internal.firmware;

import java.time.Duration;

/** What the node is going to do with itself: restart, or stay off. A new plan replaces the one before. On the node's thread. */
final class Power {
    private final Firmware firmware;
    private final NodeHost world;
    private int plans;

    /**
     * @param world the host whose timers outlive a run of the firmware
     */
    Power(Firmware firmware, NodeHost world) {
        this.firmware = firmware;
        this.world = world;
    }

    void restart(Duration after, Duration takes) {
        plan(after, () -> {
            firmware.down();
            plan(takes, firmware::up);
        });
    }

    void off(Duration after) {
        plan(after, firmware::down);
    }

    void cancel() {
        plans++;
    }

    /** What is due at once happens at once. */
    private void plan(Duration after, Runnable action) {
        int plan = ++plans;
        if (after.isZero()) {
            action.run();
        } else {
            world.schedule(after.toNanos(), () -> {
                if (plan == plans) {
                    action.run();
                }
            });
        }
    }
}
