package dev.meshlease.examples.meshbot;

import dev.meshlease.MeshleaseException;
import dev.meshlease.WaitInterruptedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Does a job again and again, at once and then each interval, on a thread of its own, so that the job may wait for what it started. */
final class Ticker implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final String who;
    private final Duration interval;
    private final Runnable job;
    private final Journal journal;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService thread;

    private Ticker(String who, Duration interval, Runnable job, Journal journal) {
        this.who = who;
        this.interval = interval;
        this.job = job;
        this.journal = journal;
        thread = Executors.newSingleThreadExecutor(work -> {
            Thread daemon = new Thread(work, "meshbot-" + who);
            daemon.setDaemon(true);
            return daemon;
        });
    }

    static Ticker start(String who, Duration interval, Journal journal, Runnable job) {
        Ticker ticker = new Ticker(who, interval, job, journal);
        ticker.thread.execute(ticker::live);
        return ticker;
    }

    private void live() {
        try {
            do {
                once();
            } while (!closing.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void once() {
        try {
            job.run();
        } catch (WaitInterruptedException closed) {
            // close() does that, and the flag is set again
        } catch (MeshleaseException failed) {
            journal.say(who, "failed: " + failed.getMessage());
        } catch (RuntimeException unexpected) {
            journal.say(who, "failed: " + unexpected);
        }
    }

    /** Ends it once the job that runs is done. */
    void finish() {
        closing.countDown();
        thread.shutdown();
        awaitEnd();
    }

    /** Ends it now: a job that waits is interrupted. */
    @Override
    public void close() {
        closing.countDown();
        thread.shutdownNow();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!thread.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                journal.say(who, "does not end within " + CLOSE_LIMIT.toSeconds() + " s; left behind");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
