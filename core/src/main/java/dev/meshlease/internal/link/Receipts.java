package dev.meshlease.internal.link;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.Acknowledgement;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.Routing;
import java.time.Duration;
import java.util.Optional;

/**
 * What a packet on ROUTING_APP says of the packet that it names. From the own node, NONE is the implicit ack: somebody was heard
 * repeating the packet. From the destination it is the real one. Anything else is a nak.
 */
final class Receipts {
    private Receipts() {}

    /**
     * Has the shipment know what the receipt says.
     *
     * @return why it is to go again, if the own node has refused it before doing anything with it
     */
    static Optional<DeliveryFailure> apply(Shipment shipment, InboundPacket receipt, NodeId own, Moment now) {
        Routing routing;
        try {
            routing = Routing.parseFrom(receipt.proto().getDecoded().getPayload());
        } catch (InvalidProtocolBufferException malformed) {
            return Optional.empty(); // Says nothing; other leases still see it as traffic.
        }
        // A receipt without a variant is NONE: proto3 writes no zero outside a oneof, and old firmware has sent it that
        // way.
        if (routing.hasRouteRequest() || routing.hasRouteReply()) {
            return Optional.empty();
        }
        if (routing.getErrorReason() == Routing.Error.NONE) {
            acked(shipment, receipt, own, now);
            return Optional.empty();
        }
        DeliveryFailure why = Verdicts.ofRouting(routing.getErrorReason());
        if (!shipment.hasEnded()) {
            shipment.quote(
                    routing.getErrorReason() == Routing.Error.UNRECOGNIZED
                            ? "error " + routing.getErrorReasonValue()
                            : routing.getErrorReason().name());
        }
        boolean mayGoAgain = !shipment.hasEnded() || shipment.stage() == DeliveryStage.ACCEPTED;
        if (Verdicts.isBeforeAnything(why) && receipt.from().equals(own) && mayGoAgain) {
            return Optional.of(why);
        }
        naked(shipment, why, receipt, now);
        return Optional.empty();
    }

    private static void acked(Shipment shipment, InboundPacket receipt, NodeId own, Moment now) {
        if (!shipment.wantsAck() || shipment.stage() == DeliveryStage.ACKNOWLEDGED) {
            return;
        }
        long generation = receipt.reception().generation();
        NodeId destination =
                new NodeId(shipment.written().map(MeshPacket::getTo).orElse(NodeId.BROADCAST.number()));
        boolean isImplicit = receipt.from().equals(own) && !destination.equals(own);
        boolean isFinal = destination.isBroadcast() || receipt.from().equals(destination);
        if (!isFinal) {
            if (!shipment.hasEnded() && shipment.stage() != DeliveryStage.RELAYED) {
                shipment.step(DeliveryStage.RELAYED, generation, now);
            }
            return;
        }
        boolean late = shipment.hasEnded();
        shipment.step(DeliveryStage.ACKNOWLEDGED, generation, now);
        if (!late) {
            shipment.onAcknowledged(new Acknowledgement(
                    receipt.from(), isImplicit, now.wall(), Duration.ofNanos(now.sinceNanos(shipment.writtenNanos()))));
            shipment.end();
        }
    }

    private static void naked(Shipment shipment, DeliveryFailure why, InboundPacket receipt, Moment now) {
        if (!shipment.hasEnded()) {
            shipment.step(
                    DeliveryStage.FAILED, Optional.of(why), receipt.reception().generation(), now);
            shipment.end();
        }
    }
}
