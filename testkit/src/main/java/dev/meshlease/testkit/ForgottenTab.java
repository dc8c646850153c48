package dev.meshlease.testkit;

/**
 * A client of a simulated node's web interface that somebody has left open. What it takes no other client gets.
 *
 * <p><b>Threading:</b> safe from any thread but the node's own.
 */
public interface ForgottenTab extends AutoCloseable {
    /** How many packets it has taken. */
    int packets();

    /** How many other messages it has taken: queue statuses and notifications. */
    int others();

    /** Closes it: it takes nothing any more. Idempotent. */
    @Override
    void close();
}
