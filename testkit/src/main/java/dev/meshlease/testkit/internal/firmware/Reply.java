package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import org.jspecify.annotations.Nullable;

/**
 * What the node's modules have to say to a packet.
 *
 * @param data the words, or null for none
 * @param isAcknowledged whether the router acknowledges the packet, if an ack is wanted; words are ack enough
 * @param isTaken whether a module has seen to the packet; if not, who wants a response is told so
 */
record Reply(@Nullable Data data, boolean isAcknowledged, boolean isTaken) {
    /** No module answers such packets. */
    static final Reply NOBODY = new Reply(null, true, false);
    /** A module has seen to it, and has nothing to say. */
    static final Reply SILENCE = new Reply(null, true, true);
    /** What cannot be decoded goes no further. */
    static final Reply UNREADABLE = new Reply(null, false, false);

    static Reply of(Data data) {
        return new Reply(data, false, true);
    }

    /** The same where no response is wanted. */
    Reply unsaid() {
        return new Reply(null, isAcknowledged || data != null, true);
    }

    MeshPacket.Priority priority() {
        boolean isRouting = data != null && data.getPortnum() == PortNum.ROUTING_APP;
        return isRouting ? MeshPacket.Priority.ACK : MeshPacket.Priority.RELIABLE;
    }
}
