package dev.meshlease.testkit.internal.firmware;

/** What a face tells the firmware about a client's connection. On the node's thread. */
public interface ClientSession {
    /** Bytes arrived; copied before the call returns. */
    void received(byte[] bytes, int offset, int length);

    /** The connection takes more bytes, after a write that came up short. */
    void writable();

    /** The client ended the connection, in order or not. Nothing is received afterwards. Not called for an end that the node caused. */
    void ended();
}
