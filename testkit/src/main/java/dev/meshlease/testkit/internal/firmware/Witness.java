package dev.meshlease.testkit.internal.firmware;

/**
 * Sees what passes between a node and its clients, as it is on the wire: after the faults, before anybody has understood it. On the node's
 * thread.
 *
 * <p>Connections are named {@code A}, {@code B}, … in the order in which they came.
 */
public interface Witness {
    /** How a connection ended. */
    enum End {
        /** The client closed it, in order or not. */
        BY_CLIENT,
        /** The node closed it in order. */
        FIN,
        /** The node reset it. */
        RST,
        /** The node stopped existing for it without a word. */
        SILENT
    }

    /** A client's connection is there; the node may not have looked at it yet. */
    default void connected(String connection) {}

    /**
     * The same.
     *
     * @param isRival whether it is there to evict others, and known for that
     */
    default void connected(String connection, boolean isRival) {
        connected(connection);
    }

    /** The client is given the last word of the node's state; once for each time that it has asked for it. */
    default void configured(String connection) {}

    /** Bytes from the client. They belong to the caller. */
    default void received(String connection, byte[] bytes, int offset, int length) {}

    /** Bytes to the client. They belong to the caller. */
    default void sent(String connection, byte[] bytes, int offset, int length) {}

    /** The node stops reading what the client says, or goes on. Meanwhile it learns nothing of that client, not even that it has left. */
    default void paused(String connection, boolean paused) {}

    /** The connection is over. Once for each. */
    default void ended(String connection, End how) {}

    /** The node is no more; the last call. */
    default void over() {}

    /** Something worth a line that bytes do not show: an eviction, a packet thrown away, a restart. */
    default void noted(String what) {}
}
