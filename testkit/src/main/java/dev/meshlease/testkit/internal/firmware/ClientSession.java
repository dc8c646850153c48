package dev.meshlease.testkit.internal.firmware;

/** What a face tells the firmware about a client's connection. On the node's thread; never from inside a call of the wire. */
public interface ClientSession {
    /** Bytes arrived; copied before the call returns. */
    void received(byte[] bytes, int offset, int length);

    /** The connection takes more bytes, after a write that came up short. */
    void writable();

    /** The client has ended its side in order. Nothing is received afterwards, but it may still read. Not called for an end that the node caused. */
    void ended();

    /**
     * The connection is no more: the client aborted it, or what was written to a client that had left came back. Nothing passes afterwards
     * either way. Not called for an end that the node caused.
     */
    void broken();
}
