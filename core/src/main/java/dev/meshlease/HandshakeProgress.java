package dev.meshlease;

import java.util.OptionalInt;

/**
 * How far a handshake is.
 *
 * @param messages how many messages the node has sent since it was asked
 * @param nodes how many nodes it has told of, itself included
 * @param announced how many it said that it knows; empty until it has
 */
public record HandshakeProgress(int messages, int nodes, OptionalInt announced) {
    /** As in {@code 57 messages, 31 of 100 nodes}. */
    @Override
    public String toString() {
        String most = announced.isPresent() ? Integer.toString(announced.getAsInt()) : "?";
        return messages + " messages, " + nodes + " of " + most + " nodes";
    }
}
