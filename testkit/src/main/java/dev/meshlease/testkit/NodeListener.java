package dev.meshlease.testkit;

/**
 * Told what happens to a simulated node, for a person to read. Connections are called {@code A}, {@code B}, … in the order in which they
 * were accepted; those that wait for that have no name yet.
 *
 * <p><b>Threading:</b> called on the node's thread: it must be quick, and must not wait for the node. What it throws is logged, and the
 * node goes on.
 */
public interface NodeListener {
    /** The node has accepted a connection. */
    default void connected(String connection) {}

    /** The client of a connection is being given the last word of the node's state, and mesh packets from now on. */
    default void configured(String connection) {}

    /**
     * A connection is over. Once for each.
     *
     * @param how in words, like {@code closed by the client} or {@code closed by the node}
     */
    default void ended(String connection, String how) {}

    /** Something else worth a line: an eviction, a restart, a client that was given up. */
    default void noted(String what) {}
}
