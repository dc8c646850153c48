package dev.meshlease.internal.lease;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;

/** A node drops a traceroute to everybody that goes further than its neighbours, and then says of it what it says of a packet sent. */
final class Routes {
    private Routes() {}

    /** @param staysNear whether it goes no further than the node's neighbours */
    static void requireDestination(MeshPacket packet, boolean staysNear) {
        if (packet.getDecoded().getPortnum() == PortNum.TRACEROUTE_APP
                && packet.getTo() == NodeId.BROADCAST.number()
                && !staysNear) {
            throw new IllegalArgumentException(
                    "No node sends a traceroute to everybody. Name the node to trace, or send one withHopLimit(0)");
        }
    }
}
