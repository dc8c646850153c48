package dev.meshlease.internal.link;

import com.google.protobuf.ByteString;
import dev.meshlease.Acknowledgement;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A shipment that remembers what became of it. */
final class Parcel extends Shipment {
    /** No pace is kept on this port. */
    static final int PRIVATE = PortNum.PRIVATE_APP_VALUE;

    static final int TEXT = PortNum.TEXT_MESSAGE_APP_VALUE;
    static final int ADMIN = PortNum.ADMIN_APP_VALUE;

    /** What a test does not care about. */
    record Plan(int port, NodeId to, boolean wantsAck, boolean wantsReply, int payloadBytes, int priority) {
        Plan(int port, NodeId to, boolean wantsAck, boolean wantsReply, int payloadBytes) {
            this(port, to, wantsAck, wantsReply, payloadBytes, MeshPacket.Priority.DEFAULT_VALUE);
        }

        static Plan broadcast(int port) {
            return new Plan(port, NodeId.BROADCAST, false, false, 4);
        }

        Plan to(NodeId node) {
            return new Plan(port, node, wantsAck, wantsReply, payloadBytes);
        }

        Plan wantAck() {
            return new Plan(port, to, true, wantsReply, payloadBytes);
        }

        Plan wantReply() {
            return new Plan(port, to, wantsAck, true, payloadBytes);
        }

        Plan bytes(int count) {
            return new Plan(port, to, wantsAck, wantsReply, count);
        }

        Plan priority(MeshPacket.Priority urgency) {
            return new Plan(port, to, wantsAck, wantsReply, payloadBytes, urgency.getNumber());
        }
    }

    final List<DeliveryStep> steps = new ArrayList<>();
    final List<Acknowledgement> acknowledgements = new ArrayList<>();
    final List<InboundPacket> answers = new ArrayList<>();
    final NodeId to;
    int composed;
    int writings;
    final Set<Integer> wireIds = new LinkedHashSet<>();
    int lastWireId;
    int ends;
    private final Plan plan;

    Parcel(int id, long lease, Plan plan, long deadlineNanos) {
        super(id, lease, plan.port(), plan.wantsAck(), plan.wantsReply(), deadlineNanos);
        this.plan = plan;
        this.to = plan.to();
    }

    @Override
    protected int priority() {
        return plan.priority();
    }

    @Override
    protected MeshPacket compose(NodeSnapshot node) {
        composed++;
        return MeshPacket.newBuilder()
                .setId(id())
                .setTo(to.number())
                .setWantAck(plan.wantsAck())
                .setDecoded(Data.newBuilder()
                        .setPortnumValue(plan.port())
                        .setWantResponse(plan.wantsReply())
                        .setPayload(ByteString.copyFrom(new byte[plan.payloadBytes()])))
                .build();
    }

    @Override
    protected void onStep(DeliveryStep step) {
        steps.add(step);
    }

    @Override
    protected void onAcknowledged(Acknowledgement acknowledgement) {
        acknowledgements.add(acknowledgement);
    }

    @Override
    protected void onAnswer(InboundPacket answer) {
        answers.add(answer);
    }

    @Override
    protected void onEnd() {
        ends++;
    }

    List<DeliveryStage> stages() {
        return steps.stream().map(DeliveryStep::stage).toList();
    }

    Optional<DeliveryFailure> failure() {
        return steps.isEmpty() ? Optional.empty() : steps.get(steps.size() - 1).failure();
    }

    @Override
    public String toString() {
        return "Parcel " + id() + " " + plan + " of lease " + lease() + ": " + steps;
    }
}
