package dev.meshlease.testkit;

import dev.meshlease.message.NodeId;
import dev.meshlease.message.PayloadType;

/**
 * Another node of the simulated mesh, a direct neighbour of the simulated node.
 *
 * <p>It acknowledges direct packets that want an ack, repeats broadcasts (which the node takes as their implicit ack), and answers
 * requests for its position, telemetry, introduction and route; see {@link #answers(boolean)}.
 *
 * <p><b>Threading:</b> safe from any thread but a simulated node's own.
 */
public interface SimulatedPeer {
    /** Its number. */
    NodeId id();

    /** Sends a text to everybody on the primary channel. */
    void says(String text);

    /**
     * Sends a text to one node.
     *
     * @param to who it is for: the simulated node's client gets it only if it is for the simulated node or for everybody
     * @param text what to say
     */
    void tells(NodeId to, String text);

    /** Sends a payload to everybody on the primary channel. */
    <T> void sends(PayloadType<T> type, T value);

    /** Sends a payload to one node. */
    <T> void sends(NodeId to, PayloadType<T> type, T value);

    /**
     * Whether it acknowledges, repeats and answers what it hears. It does unless told otherwise.
     *
     * @param answers false to have packets for it fail after their last attempt, some 21 s later
     */
    void answers(boolean answers);
}
