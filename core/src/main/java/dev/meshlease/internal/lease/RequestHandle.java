package dev.meshlease.internal.lease;

import dev.meshlease.Acknowledgement;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.NotReadyException;
import dev.meshlease.Pending;
import dev.meshlease.RequestException;
import dev.meshlease.internal.link.Shipment;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Request;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * One question. The loop hands over the packet that answers it; the user's decoder runs where the answer is wanted: on the thread that
 * waits, or for a future on the lease's callbacks. So waiting for an answer inside a callback works.
 */
final class RequestHandle<R> extends Shipment implements Pending<R> {
    private final LeaseHandle lease;
    private final Request<R> request;
    private final PendingValue<InboundPacket> answer;

    RequestHandle(LeaseHandle lease, int id, Request<R> request, long deadlineNanos) {
        super(id, lease.number(), request.port(), false, true, deadlineNanos);
        this.lease = lease;
        this.request = request;
        this.answer = lease.pending("the answer to " + question());
    }

    // ---- for the outbox, on the loop

    @Override
    protected int priority() {
        return MeshPacket.Priority.DEFAULT_VALUE;
    }

    @Override
    protected MeshPacket compose(NodeSnapshot node) {
        NodeInfo own = node.node(node.id())
                .orElseGet(
                        () -> NodeInfo.newBuilder().setNum(node.id().number()).build());
        return request.proto(own).toBuilder()
                .setId(id())
                .setHopLimit(node.hopLimit())
                .build();
    }

    @Override
    protected void onStep(DeliveryStep step) {
        if (step.stage() == DeliveryStage.FAILED || step.stage() == DeliveryStage.UNKNOWN) {
            answer.fail(step.failure().map(this::refused).orElseGet(this::timedOut));
        }
    }

    @Override
    protected void onAcknowledged(Acknowledgement acknowledgement) {
        throw new IllegalStateException("A request asks for an answer, not for an ack");
    }

    @Override
    protected void onAnswer(InboundPacket packet) {
        answer.complete(packet);
    }

    @Override
    protected void onEnd() {
        lease.ended(this);
    }

    // ---- for the holder

    @Override
    public R await(Duration patience) {
        return decode(answer.await(patience));
    }

    @Override
    public CompletableFuture<R> future() {
        return answer.future(this::decode);
    }

    @Override
    public boolean isDone() {
        return answer.isDone();
    }

    @Override
    public boolean cancel() {
        boolean inTime = take() || answer.cancel();
        if (inTime) {
            lease.host().cancelled(this);
        }
        return inTime;
    }

    private R decode(InboundPacket packet) {
        try {
            return request.read(packet);
        } catch (RuntimeException malformed) {
            throw new RequestException(
                    RequestException.Reason.MALFORMED,
                    lease.label() + ": " + question() + " was answered with something else: " + malformed.getMessage(),
                    lease.endpoint(),
                    lease.holder(),
                    malformed);
        }
    }

    private RuntimeException refused(DeliveryFailure why) {
        return switch (why) {
            case CANCELLED -> new CancellationException("Cancelled: " + question());
            case LEASE_CLOSED -> lease.closedException("closed before the question was sent");
            case DEADLINE -> neverSent();
            case LINK_DOWN ->
                new NotReadyException(
                        lease.label() + ": " + question() + " got no answer, since the link is down",
                        lease.endpoint(),
                        lease.holder(),
                        null);
            default ->
                new RequestException(
                        RequestException.Reason.REFUSED,
                        lease.label() + ": " + question() + " was refused: " + why + quoted(),
                        lease.endpoint(),
                        lease.holder(),
                        null);
        };
    }

    private RequestException timedOut() {
        return new RequestException(
                RequestException.Reason.TIMEOUT,
                lease.label() + ": no answer to " + question() + " within " + request.deadline()
                        + ". A node stays silent on purpose if it answered the same lately. Link: "
                        + lease.status().state(),
                lease.endpoint(),
                lease.holder(),
                null);
    }

    private RequestException neverSent() {
        return new RequestException(
                RequestException.Reason.TIMEOUT,
                lease.label() + ": " + question() + " was never sent within " + request.deadline()
                        + ": its turn did not come, or the link was down. Link: "
                        + lease.status().state(),
                lease.endpoint(),
                lease.holder(),
                null);
    }

    private String question() {
        return "the question on port " + request.port() + " to "
                + request.node().map(Object::toString).orElse("the own node");
    }
}
