package dev.meshlease.testkit.internal.firmware;

/** Where a face brings its connections. On the node's thread. */
public interface Acceptor {
    /**
     * A client's connection waits to be accepted.
     *
     * @param take accepts it, if it is still there, by handing it to {@link #connected}; called once at the most
     * @return whether it may wait; if not, it is to be reset
     */
    boolean waits(Runnable take);

    /** Takes over a connection that a face has accepted. Its bytes come from now on. */
    ClientSession connected(ClientWire wire);

    /** How many connections may wait at a face: what {@code listen} is told. One more than that does. */
    int backlog();

    /** How many bytes a connection is to take while its client does not read. */
    int sendBuffer();
}
