package dev.meshlease.examples.meshbot;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends the process if the run hangs, so that whoever waits for it is not kept. */
final class Watchdog implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);

    private Watchdog() {}

    static Watchdog start(Duration limit, PrintStream err) {
        Watchdog watchdog = new Watchdog();
        Thread thread = new Thread(() -> watchdog.guard(limit, err), "meshbot-watchdog");
        thread.setDaemon(true);
        thread.start();
        return watchdog;
    }

    private void guard(Duration limit, PrintStream err) {
        try {
            if (!closed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                err.println("meshbot: still not at its end after " + limit.toSeconds() + " s, so something hangs");
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException unwanted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The run has ended. */
    @Override
    public void close() {
        closed.countDown();
    }
}
