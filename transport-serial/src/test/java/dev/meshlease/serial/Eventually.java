package dev.meshlease.serial;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and programs do. */
final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Eventually() {}

    /** Until it holds; fails the test if that takes too long. */
    static void holds(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not within " + LIMIT + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }
}
