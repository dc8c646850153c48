package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.message.NodeId;

/** What carries the transmissions of one node to others. From any thread. */
public interface Ether {
    /**
     * Lets a node hear and be heard.
     *
     * @throws IllegalArgumentException if there is one of that number already
     */
    void join(Antenna antenna);

    /** A node is not there any more. Its number stays taken. */
    void leave(Antenna antenna);

    /** Hands a transmission to all who hear its sender. */
    void carry(Antenna sender, Transmission transmission);

    /** Whether that is the number of a node which is or was here. */
    boolean knows(NodeId id);
}
