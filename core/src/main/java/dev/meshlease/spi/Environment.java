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
     * Runs the library's own work that may block, such as on files: each task has a thread to itself. Default: threads that all
     * environments share.
     */
    default Executor helpers() {
        return SystemEnvironment.sharedHelpers();
    }

    /**
     * Whether its nodes are of a world of its own, so that no other program can have a link to them, and none needs to be kept off. Default
     * false.
     */
    default boolean isVirtual() {
        return false;
    }

    /**
     * Told that the garbage collector has found something that was dropped without being closed, such as a lease. Called on a thread of the
     * library that serves all of them. Default: gives it back at once; where nothing may depend on when garbage is collected, it waits.
     *
     * @param giveBack reports it and has it given back; quick, from any thread, and only the first time
     */
    default void dropped(Runnable giveBack) {
        giveBack.run();
    }

    /**
     * Makes a loop.
     *
     * @param name for a person reading a thread dump
     */
    Loop newLoop(String name);
}
