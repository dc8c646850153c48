package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.spi.TimeSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * One run of the firmware, from its start to the next: the queues, keys and timers that a restart loses. As a host it is the world's, but
 * for tasks that come due when the run is over: those are forgotten. On the node's thread.
 */
final class Life implements NodeHost {
    final PhoneQueues phone;
    final Router router;
    final Modules modules;

    private final NodeHost world;
    private final long startedNanos;
    private boolean over;

    Life(Firmware firmware, NodeHost world) {
        this.world = world;
        phone = new PhoneQueues(firmware.profile().behaviour(), firmware.counters());
        router = new Router(firmware, this);
        modules = new Modules(firmware, router);
        startedNanos = world.time().nanoTime();
        phone.status(
                router.radio().status(Radio.RES_OK, 0)); // that the radio has room is news, after none was known of
    }

    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    long uptimeNanos() {
        return time().nanoTime() - startedNanos;
    }

    @Override
    public TimeSource time() {
        return world.time();
    }

    @Override
    public RandomGenerator random() {
        return world.random();
    }

    @Override
    public long seed() {
        return world.seed();
    }

    @Override
    public void execute(Runnable task) {
        world.execute(() -> runUnlessOver(task));
    }

    @Override
    public void schedule(long delayNanos, Runnable task) {
        world.schedule(delayNanos, () -> runUnlessOver(task));
    }

    private void runUnlessOver(Runnable task) {
        if (!over) {
            task.run();
        }
    }

    @Override
    public boolean await(BooleanSupplier done, Duration limit) {
        return world.await(done, limit);
    }
}
