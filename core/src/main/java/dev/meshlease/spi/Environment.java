package dev.meshlease.spi;

import dev.meshlease.internal.loop.SystemEnvironment;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * All that a test must be able to rule: time, randomness, names, threads.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public interface Environment {
    /** The real thing: the system's clock and resolver, a selector loop, callback threads that come and go with the work. */
    static Environment system() {
        return new SystemEnvironment();
    }

    /** The clock. */
    TimeSource time();

    /** The source of all randomness: packet ids, nonces, jitter. Used on the loop, or while a registry or link is made. */
    RandomGenerator random();

    /** Who turns host names into addresses. */
    NameResolver names();

    /** Runs the users' callbacks. May run a task at once on another thread, never inside {@code execute}. */
    Executor callbacks();

    /**
     * Makes a loop.
     *
     * @param name for a person reading a thread dump
     */
    Loop newLoop(String name);
}
