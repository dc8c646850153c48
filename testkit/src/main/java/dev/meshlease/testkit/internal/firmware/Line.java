package dev.meshlease.testkit.internal.firmware;

/** A piece of a connection between the firmware and a face: a wire to the one, a session to the other. On the node's thread. */
public interface Line extends ClientWire, ClientSession {
    /** Says whose connection it is; once, before anything passes. */
    void leadsTo(ClientSession session);
}
