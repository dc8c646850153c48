package dev.meshlease.internal.lease;

import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.MeshPacket;

/**
 * A change of the own node's settings. The ack is the node's verdict: it is asked for as an answer, since a node acknowledges an order that
 * it passes over, or refuses, just the same.
 */
final class OrderHandle extends DeliveryHandle {
    OrderHandle(LeaseHandle lease, int id, AdminMessage order, long deadlineNanos) {
        super(lease, id, OutboundMessage.of(PayloadType.ADMIN, order).wantAck(), deadlineNanos);
    }

    @Override
    protected MeshPacket compose(NodeSnapshot node) {
        MeshPacket.Builder packet =
                super.compose(node).toBuilder().setTo(node.id().number()).setWantAck(false);
        packet.getDecodedBuilder().setWantResponse(true);
        return packet.build();
    }
}
