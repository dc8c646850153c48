package dev.meshlease.testkit;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock of a test. It stands still unless told otherwise: by {@link #advance}, or by a wait of the library, which runs what is due,
 * moves the clock to the next timer, and so on, until what it waits for has happened or its time limit is reached. Hours pass in no time.
 *
 * <p>A task or callback that throws is not lost: the call that ran it throws an {@link IllegalStateException} with the cause, once
 * everything else that was due has run.
 *
 * <p><b>Threading:</b> from any thread but a loop's; meant for the test's own.
 */
public interface VirtualTime {
    /**
     * Runs everything that is due within a span of time, callbacks included, each at its own instant.
     *
     * @param span how far to move the clock; zero is the same as {@link #settle()}
     * @throws IllegalArgumentException if the span is negative
     * @throws IllegalStateException if a task threw, if tasks go round without the clock moving, if the thread is interrupted, or on a loop
     */
    void advance(Duration span);

    /**
     * Runs everything that is due now, callbacks included, and what follows from it at the same instant. The clock stays.
     *
     * @throws IllegalStateException as in {@link #advance}
     */
    void settle();

    /** What the clock shows. It starts on 2026-01-01 at midnight UTC. */
    Instant now();
}
