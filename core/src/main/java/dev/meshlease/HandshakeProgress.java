package dev.meshlease;

import java.util.OptionalInt;

/**
 * How far a handshake is.
 *
 * @param messages how many messages the node has sent since it was asked
 * @param nodes how many nodes it has told of, itself included
 * @param announced how many it is going to tell of; empty until it has said that, and where it was not asked for the others
 */
public record HandshakeProgress(int messages, int nodes, OptionalInt announced) {
    /** As in {@code 57 messages, 31 of 100 nodes}, or {@code 2 messages, 0 nodes}. */
    @Override
    public String toString() {
        String most = announced.isPresent() ? " of " + announced.getAsInt() : "";
        return messages + " messages, " + nodes + most + " nodes";
    }
}
