package dev.meshlease.examples.meshbot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that Ctrl-C ends early: its hook interrupts the main thread. The flag is cleared, so that what follows ends in order. */
final class Waits {
    /** A wait. */
    @FunctionalInterface
    interface Wait {
        void await() throws InterruptedException;
    }

    private Waits() {}

    static void until(long endNanos) {
        interruptibly(() -> {
            boolean unused = new CountDownLatch(1).await(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        });
    }

    static void interruptibly(Wait wait) {
        try {
            wait.await();
        } catch (InterruptedException early) {
            // The flag is clear already.
        }
    }

    /** Whichever comes first, the end of the span or of the run. */
    static Duration within(Duration span, long endNanos) {
        Duration left = Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
        return left.compareTo(span) < 0 ? left : span;
    }
}
