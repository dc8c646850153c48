package dev.meshlease.internal.lease;

import dev.meshlease.Acknowledgement;
import dev.meshlease.Delivery;
import dev.meshlease.DeliveryEvent;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.link.Shipment;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One sent message, for its holder and for the outbox. The steps are written by the loop only. */
class DeliveryHandle extends Shipment implements Delivery {
    private record Waiting(DeliveryStage stage, PendingValue<DeliveryStep> pending) {}

    private final LeaseHandle lease;
    private final OutboundMessage message;
    private final PendingValue<Acknowledgement> acknowledgement;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private volatile List<DeliveryStep> steps = List.of();
    private volatile DeliveryStage stage = DeliveryStage.QUEUED;
    private volatile boolean ended;

    DeliveryHandle(LeaseHandle lease, int id, OutboundMessage message, long deadlineNanos) {
        super(
                id,
                lease.number(),
                message.proto().getDecoded().getPortnumValue(),
                message.wantsAck(),
                false,
                deadlineNanos);
        this.lease = lease;
        this.message = message;
        this.acknowledgement = lease.pending("the acknowledgement of packet " + Integer.toUnsignedString(id));
    }

    // ---- for the outbox, on the loop

    @Override
    protected int priority() {
        int urgency = message.proto().getPriorityValue();
        return urgency == 0 ? MeshPacket.Priority.DEFAULT_VALUE : urgency;
    }

    @Override
    protected MeshPacket compose(NodeSnapshot node) {
        MeshPacket.Builder packet = message.proto().toBuilder().setId(id());
        if (!message.hasHopLimit()) {
            packet.setHopLimit(node.hopLimit());
        }
        if (port() == PortNum.TEXT_MESSAGE_APP_VALUE) {
            // Only so does the node's refusal of a text that comes too soon find its way back to us: it is sent to the
            // packet's "from".
            packet.setFrom(node.id().number());
        }
        return packet.build();
    }

    @Override
    protected void onStep(DeliveryStep step) {
        List<DeliveryStep> more = new ArrayList<>(steps);
        more.add(step);
        steps = List.copyOf(more);
        if (!ended) {
            stage = step.stage();
        }
        settleWaiting();
        lease.stepped(new DeliveryEvent(this, step, ended));
    }

    @Override
    protected void onAcknowledged(Acknowledgement received) {
        acknowledgement.complete(received);
    }

    @Override
    protected void onAnswer(InboundPacket answer) {
        throw new IllegalStateException("A message that asked for no answer got one: " + answer);
    }

    @Override
    protected void onEnd() {
        ended = true;
        if (wantsAck()) {
            acknowledgement.fail(failure());
        }
        settleWaiting();
        lease.ended(this);
    }

    // ---- for the holder

    @Override
    public int packetId() {
        return id();
    }

    @Override
    public DeliveryStage stage() {
        return stage;
    }

    @Override
    public List<DeliveryStep> steps() {
        return steps;
    }

    @Override
    public boolean isDone() {
        return ended;
    }

    @Override
    public Acknowledgement await(Duration patience) {
        requireAck();
        return acknowledgement.await(patience);
    }

    @Override
    public CompletableFuture<Acknowledgement> future() {
        requireAck();
        return acknowledgement.future();
    }

    @Override
    public boolean cancel() {
        boolean inTime = take();
        if (inTime) {
            lease.host().cancelled(this);
        }
        return inTime;
    }

    @Override
    public PendingValue<DeliveryStep> reached(DeliveryStage wanted) {
        if (wanted == DeliveryStage.FAILED || wanted == DeliveryStage.UNKNOWN) {
            throw new IllegalArgumentException(
                    "Wait for a stage of success; a failure shows as the exception of that wait");
        }
        if (wanted.compareTo(DeliveryStage.ACCEPTED) > 0) {
            requireAck();
        }
        PendingValue<DeliveryStep> pending = lease.pending(
                "packet " + Integer.toUnsignedString(id()) + " to be " + wanted + " (it is " + stage + ")");
        waiting.add(new Waiting(wanted, pending));
        settleWaiting();
        return pending;
    }

    /** Called after each change by the loop, and by whoever starts to wait; ending a wait twice does nothing. */
    private void settleWaiting() {
        List<DeliveryStep> known = steps;
        boolean over = ended;
        for (Waiting one : waiting) {
            known.stream()
                    .filter(step -> step.stage().compareTo(one.stage) >= 0
                            && step.stage().compareTo(DeliveryStage.ACKNOWLEDGED) <= 0)
                    .findFirst()
                    .ifPresentOrElse(one.pending::complete, () -> {
                        if (over) {
                            one.pending.fail(failure());
                        }
                    });
        }
        waiting.removeIf(one -> one.pending.isDone());
    }

    private void requireAck() {
        if (!wantsAck()) {
            throw new IllegalStateException(
                    "This message asked for no ack, so none will come. Ask with wantAck(), or wait for"
                            + " reached(ACCEPTED), the most that a message without ack can reach.");
        }
    }

    /** What it has failed with. */
    DeliveryException failure() {
        List<DeliveryStep> known = steps;
        DeliveryFailure why =
                known.isEmpty() ? null : known.get(known.size() - 1).failure().orElse(null);
        String story = lease.label() + ": packet " + Integer.toUnsignedString(id()) + " is " + stage
                + (why == null ? "" : " (" + why + quoted() + ")") + "; its way: "
                + known.stream().map(step -> step.stage().name()).toList();
        return new DeliveryException(story, this, why, lease.endpoint(), lease.holder());
    }
}
