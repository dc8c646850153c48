package dev.meshlease.testkit;

import dev.meshlease.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The clock and the tasks of one virtual environment, and the stepping of both. */
final class Timeline implements TimeSource {
    /*
     * Anybody may put a task on the agenda; only who holds `stepping` runs tasks and moves the clock. That is whoever waits: there is no
     * thread of its own. The lock is
     *  - re-entrant, because a callback that is being run may wait itself: its wait runs what else is due, in the middle of the outer one;
     *  - fair and given up after each instant, so that several threads that wait take turns, and none of them misses an instant: a wait
     *    puts its own deadline on the agenda, and nobody moves the clock past the first entry.
     *
     * The clock moves only when nothing is due, so a wait that returns leaves a settled world behind: everything of that instant has run.
     *
     * A task that throws does so in the outermost call of its thread: an inner one is inside a callback, whose caller may well catch and
     * log whatever comes out of it.
     */
    static final long TASKS_PER_INSTANT = 10_000_000;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    /** Less than nothing, and through zero after an hour, so that code which takes zero for "never" is found out. */
    private static final long ORIGIN_NANOS = -TimeUnit.HOURS.toNanos(1);
    /** In real time: far beyond any step, and below the time limit of a test. */
    private static final Duration TURN = Duration.ofSeconds(30);

    private final Agenda agenda = new Agenda();
    private final ReentrantLock stepping = new ReentrantLock(true);
    private final long tasksPerInstant;
    /** Written by the holder of {@link #stepping}. */
    private volatile long elapsedNanos;

    // Only for the holder of `stepping`:
    private @Nullable VirtualLoop running;
    private long tasksOfThisInstant;
    private @Nullable IllegalStateException failure;

    Timeline(long tasksPerInstant) {
        this.tasksPerInstant = tasksPerInstant;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(elapsedNanos);
    }

    @Override
    public long nanoTime() {
        return ORIGIN_NANOS + elapsedNanos;
    }

    /** Puts a task on the agenda, for a loop or for none; zero or less means now. From any thread. */
    Agenda.Entry schedule(long delayNanos, @Nullable VirtualLoop loop, Runnable task) {
        return agenda.add(after(delayNanos), loop, task);
    }

    /** Whether the calling thread is running a task of this loop, right here and not further up in a wait. */
    boolean isRunning(VirtualLoop loop) {
        return stepping.isHeldByCurrentThread() && running == loop;
    }

    void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("Time runs forwards: " + span + " is negative.");
        }
        try {
            runUntil(() -> false, after(saturatedNanos(span)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while running virtual time, at " + instant() + ".", e);
        }
    }

    boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
        return runUntil(done, after(timeoutNanos));
    }

    private boolean runUntil(BooleanSupplier done, long deadlineNanos) throws InterruptedException {
        Agenda.Entry deadline = agenda.add(deadlineNanos, null, () -> {});
        try {
            while (true) {
                takeTurn();
                try {
                    runDue();
                    if (done.getAsBoolean()) {
                        return true;
                    }
                    if (elapsedNanos >= deadlineNanos) {
                        return false;
                    }
                    moveClock(agenda.nextDue(deadlineNanos));
                } finally {
                    stepping.unlock();
                }
            }
        } finally {
            deadline.cancel();
        }
    }

    private void takeTurn() throws InterruptedException {
        if (!stepping.tryLock(TURN.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException(
                    "Virtual time has been in the hands of another thread for " + TURN.toSeconds() + " s: " + stepping
                            + ". A callback must not wait for a thread that itself waits in virtual time, unless through the library.");
        }
        if (running != null) {
            VirtualLoop loop = running;
            stepping.unlock();
            throw new IllegalStateException(
                    "A task of " + loop + " must not wait: what it waits for could not run before it ends."
                            + " Wait on another thread or in a callback.");
        }
    }

    private void runDue() {
        for (Agenda.Entry next = agenda.takeDue(elapsedNanos); next != null; next = agenda.takeDue(elapsedNanos)) {
            if (++tasksOfThisInstant > tasksPerInstant) {
                throw goingRound(next);
            }
            run(next);
        }
        if (failure != null && stepping.getHoldCount() == 1) {
            IllegalStateException thrown = failure;
            failure = null;
            throw thrown;
        }
    }

    private void run(Agenda.Entry entry) {
        running = entry.loop;
        try {
            entry.task.run();
        } catch (Throwable e) { // an AssertionError in a callback must fail the test just as well
            record(e, entry.loop);
        } finally {
            running = null;
        }
    }

    private void record(Throwable thrown, @Nullable VirtualLoop loop) {
        if (failure == null) {
            failure = new IllegalStateException(
                    "A task " + (loop == null ? "outside the loops" : "of " + loop) + " threw at " + instant() + ": "
                            + thrown,
                    thrown);
        } else {
            failure.addSuppressed(thrown);
        }
    }

    private IllegalStateException goingRound(Agenda.Entry next) {
        var thrown = new IllegalStateException("More than " + tasksPerInstant + " tasks ran at " + instant()
                + " without the clock moving: something asks for itself again and again without a delay. The next one would be "
                + next.task.getClass().getName() + (next.loop == null ? "." : " on " + next.loop + "."));
        if (failure != null) {
            thrown.addSuppressed(failure);
        }
        return thrown;
    }

    private void moveClock(long toNanos) {
        if (toNanos > elapsedNanos) { // not so if another thread has just added something that is due
            elapsedNanos = toNanos;
            tasksOfThisInstant = 0;
        }
    }

    private long after(long delayNanos) {
        long now = elapsedNanos;
        return delayNanos <= 0 ? now : delayNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + delayNanos;
    }

    private static long saturatedNanos(Duration span) {
        return span.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : span.toNanos();
    }
}
