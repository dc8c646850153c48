package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.spi.TimeSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** What a simulated node needs of the world around it: time, chance and one thread. All of the node's state is touched there only. */
public interface NodeHost {
    TimeSource time();

    RandomGenerator random();

    /** What chance depends on: with the same one, the node does the same again. */
    long seed();

    /** Runs a task on the node's thread, later; from any thread, in the order given. */
    void execute(Runnable task);

    /** Runs a task on the node's thread after a delay; called on the node's thread. */
    void schedule(long delayNanos, Runnable task);

    /**
     * Waits; from other threads than the node's. Whatever makes the condition true is followed by the end of a task on the node's
     * thread. An interrupt ends the wait and stays set.
     *
     * @return whether the condition holds
     */
    boolean await(BooleanSupplier done, Duration limit);
}
