package dev.meshlease.internal.link;

import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.MeshPacket;

/** Shows what a lease sends to the others, as if it came from the node. */
final class Siblings {
    private final PacketStream stream;
    private final Audience audience;

    Siblings(PacketStream stream, Audience audience) {
        this.stream = stream;
        this.audience = audience;
    }

    /** A packet is written for the first time. */
    void sent(Shipment shipment, MeshPacket packet, NodeSnapshot node, Moment now) {
        MeshPacket heard = packet.toBuilder()
                .setId(shipment.id())
                .setFrom(node.id().number())
                .setRxTime((int) now.wall().getEpochSecond())
                .build();
        audience.sent(new InboundPacket(heard, stream.nextOfSibling(node.generation(), now)), shipment.lease());
    }
}
