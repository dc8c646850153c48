package dev.meshlease.testkit;

import dev.meshlease.message.NodeId;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.Telemetry;
import java.time.Duration;

/**
 * Another node of the mesh as the simulated node hears it, at first a direct neighbour. It has no clients; for another node that does, see
 * {@link SimulatedMesh}.
 *
 * <p>It acknowledges direct packets that want an ack, repeats broadcasts (which the node takes as their implicit ack), and answers
 * requests for its position, telemetry, introduction and route; see {@link #answers(boolean)}.
 *
 * <p>What it is to send must fit a packet: 233 bytes at the most, else the call throws an {@link IllegalArgumentException}.
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
     * Tells everybody who it is. Whoever asks later gets the same answer.
     *
     * @param longName what people call it
     * @param shortName up to four characters, as nodes show it
     */
    void introducesItself(String longName, String shortName);

    /**
     * Moves there and tells everybody so. Whoever asks later gets the same answer.
     *
     * @param latitude degrees north, -90 to 90
     * @param longitude degrees east, -180 to 180
     * @throws IllegalArgumentException if there is no such place
     */
    void isAt(double latitude, double longitude);

    /**
     * Tells everybody what it measures. Whoever asks for that group of values later gets the same answer.
     *
     * @param telemetry values of one group; the time is filled in
     * @throws IllegalArgumentException if there are no values in it
     */
    void reports(Telemetry telemetry);

    /**
     * Moves it out of direct reach. Its packets arrive by way of other nodes from now on, with hops used up; packets reach it only if they
     * have hops enough, and are acknowledged implicitly by the nearest of the nodes between first; its traceroute answers tell the way.
     *
     * @param between the nodes between, the one next to the simulated node first; at most 7, and none for a direct neighbour
     * @throws IllegalArgumentException if there are too many, one is named twice, or one is either end
     */
    void via(NodeId... between);

    /**
     * Whether it acknowledges, repeats and answers what it hears. It does unless told otherwise.
     *
     * @param answers false to have packets for it fail after their last attempt, some 21 s later
     */
    void answers(boolean answers);

    /**
     * How long after hearing a packet it acknowledges or answers it, instead of a moment. Beyond 21 s the node has given the packet up
     * before.
     *
     * @param delay zero or more
     * @throws IllegalArgumentException if the delay is negative
     */
    void answersAfter(Duration delay);
}
