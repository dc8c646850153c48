package dev.meshlease.internal.link;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.frame.FrameDecoder;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.ToRadio;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, and what waits for its fate.
 *
 * <p>One packet at a time is without the node's verdict: a node keeps only two verdicts, so more in flight would lose some. Leases take
 * turns; each lease's own packets stay in order. A packet whose verdict does not come within 5 s is written once more under the same id,
 * which the node swallows if it had it.
 *
 * <p>A packet that a link loss cut off from its verdict goes first in the next session, under the same id: but only after a moment in
 * which the node hands out what it still has from the last session, that verdict perhaps among it.
 */
final class Outbox {
    static final int PER_LEASE = 64;
    static final long VERDICT_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long LEFTOVERS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BiConsumer<ToRadio, Moment> writer;
    private final Pacing pacing = new Pacing();
    // By lease, in the order of their turns: who has sent goes to the end.
    private final Map<Long, ArrayDeque<Shipment>> queues = new LinkedHashMap<>();
    // Every packet that something may still be heard of.
    private final Map<Integer, Shipment> known = new HashMap<>();
    private final PriorityQueue<Shipment> deadlines =
            new PriorityQueue<>((one, other) -> Long.signum(one.deadlineNanos() - other.deadlineNanos()));

    private @Nullable NodeSnapshot node;
    private long generation;
    private boolean held;
    // What a link loss cut off from its verdict, and until when the new session may still tell it.
    private @Nullable Shipment interrupted;
    private long leftoversUntilNanos;
    private @Nullable Shipment awaiting;
    private long verdictDueNanos;
    private boolean repeated;

    Outbox(BiConsumer<ToRadio, Moment> writer) {
        this.writer = writer;
    }

    void submit(Shipment shipment, Moment now) {
        shipment.step(DeliveryStage.QUEUED, generation, now);
        ArrayDeque<Shipment> queue = queues.computeIfAbsent(shipment.lease(), lease -> new ArrayDeque<>());
        if (queue.size() >= PER_LEASE) {
            refuse(shipment, DeliveryFailure.OUTBOX_FULL, now);
            return;
        }
        queue.add(shipment);
        known.put(shipment.id(), shipment);
        deadlines.add(shipment);
        pump(now);
    }

    /** Fails a packet that was never written. One that its sender has taken back ends as that, without waiting to be told. */
    void refuse(Shipment shipment, DeliveryFailure why, Moment now) {
        fail(shipment, shipment.take() ? why : DeliveryFailure.CANCELLED, now);
    }

    /** A packet that its sender {@linkplain Shipment#take took} back; it may have ended as such before, see {@link #refuse}. */
    void cancelled(Shipment shipment, Moment now) {
        remove(shipment);
        if (!shipment.hasEnded()) {
            fail(shipment, DeliveryFailure.CANCELLED, now);
        }
        forget(shipment);
    }

    void leaseClosed(long lease, Moment now) {
        ArrayDeque<Shipment> queue = queues.remove(lease);
        if (queue != null) {
            for (Shipment shipment : queue) {
                refuse(shipment, DeliveryFailure.LEASE_CLOSED, now);
                forget(shipment);
            }
        }
    }

    void linkUp(NodeSnapshot snapshot, Moment now) {
        node = snapshot;
        generation = snapshot.generation();
        held = false;
        leftoversUntilNanos = interrupted == null ? now.nanos() : now.nanos() + LEFTOVERS_NANOS;
        pump(now);
    }

    /** Begin nothing new: the connection is about to end. */
    void hold() {
        held = true;
    }

    /** It is not, after all. */
    void resume(Moment now) {
        held = false;
        pump(now);
    }

    void linkDown(Moment now) {
        Shipment cut = awaiting;
        NodeSnapshot former = node;
        node = null;
        awaiting = null;
        if (cut == null || former == null || cut.hasEnded()) {
            return;
        }
        if (isForTheNodeItself(cut.packet(former), former)) {
            // A new session of the node remembers no ids: a command sent twice might run twice.
            cut.step(DeliveryStage.UNKNOWN, Optional.of(DeliveryFailure.LINK_DOWN), generation, now);
            cut.end();
        } else {
            interrupted = cut; // The only one: it goes before anything else is written.
        }
    }

    /** The link is closed for good. */
    void end(Moment now) {
        for (Shipment shipment : List.copyOf(known.values())) {
            if (shipment.hasEnded()) {
                continue;
            }
            if (shipment.stage() == DeliveryStage.QUEUED) {
                refuse(shipment, DeliveryFailure.LINK_DOWN, now);
            } else {
                shipment.step(DeliveryStage.UNKNOWN, Optional.of(DeliveryFailure.LINK_DOWN), generation, now);
                shipment.end();
            }
        }
        known.clear();
        queues.clear();
        interrupted = null;
        deadlines.clear();
        awaiting = null;
    }

    void queueStatus(QueueStatus status, Moment now) {
        Shipment shipment = known.get(status.getMeshPacketId());
        if (status.getMeshPacketId() == 0 || shipment == null) {
            return;
        }
        if (shipment.equals(awaiting)) {
            awaiting = null;
            pacing.confirmed(shipment.port(), now);
        }
        if (shipment.stage() == DeliveryStage.WRITTEN) {
            if (Verdicts.isAccepted(status.getRes())) {
                accepted(shipment, now);
            } else {
                fail(shipment, Verdicts.ofQueueStatus(status.getRes()), now);
                if (!shipment.wantsAck()) {
                    forget(shipment);
                }
            }
        }
        dropIfHeardOf(shipment);
        pump(now);
    }

    /** Acks, naks and answers come as packets. */
    void inbound(InboundPacket packet, Moment now) {
        Shipment shipment = packet.requestId() == 0 ? null : known.get(packet.requestId());
        if (shipment == null || shipment.stage() == DeliveryStage.QUEUED || node == null) {
            return;
        }
        if (packet.port() == PortNum.ROUTING_APP_VALUE) {
            Receipts.apply(shipment, packet, node.id(), now);
        } else if (shipment.wantsReply() && packet.port() == shipment.port() && !shipment.hasEnded()) {
            shipment.onAnswer(packet);
            shipment.end();
        }
        dropIfHeardOf(shipment);
        if (shipment.equals(awaiting)) {
            // The node would not talk of a packet that it has not taken; its queueStatus may have been pushed out by
            // newer ones.
            awaiting = null;
            pacing.confirmed(shipment.port(), now);
        }
        pump(now);
    }

    /** What the node speaks of it has; there is no need to send it again. */
    private void dropIfHeardOf(Shipment shipment) {
        if (shipment.equals(interrupted) && (shipment.hasEnded() || shipment.stage() != DeliveryStage.WRITTEN)) {
            interrupted = null;
        }
    }

    void tick(Moment now) {
        Shipment silent = awaiting;
        if (silent != null && now.isAtOrAfter(verdictDueNanos)) {
            verdictMissing(silent, now);
        }
        while (!deadlines.isEmpty() && now.isAtOrAfter(deadlines.element().deadlineNanos())) {
            deadlinePassed(deadlines.remove(), now);
        }
        pump(now);
    }

    /** When {@link #tick} is due, or {@code otherwise} if that is sooner. */
    long dueNanos(Moment now, long otherwise) {
        long due = otherwise;
        if (!deadlines.isEmpty()) {
            due = Due.earlier(due, deadlines.element().deadlineNanos());
        }
        if (awaiting != null) {
            return Due.earlier(due, verdictDueNanos);
        }
        if (node != null && !held) {
            for (Shipment head : heads()) {
                due = Due.earlier(due, mayGoNanos(head, now));
            }
        }
        return due;
    }

    boolean awaitsVerdict() {
        return awaiting != null;
    }

    private void pump(Moment now) {
        while (node != null && awaiting == null && !held) {
            Shipment next = next(now);
            if (next == null) {
                return;
            }
            repeated = false;
            write(next, node, now);
        }
    }

    private @Nullable Shipment next(Moment now) {
        Shipment first = interrupted;
        if (first != null) {
            if (!mayGo(first, now)) {
                return null;
            }
            interrupted = null;
            return first;
        }
        for (Long lease : List.copyOf(queues.keySet())) {
            ArrayDeque<Shipment> queue = queues.getOrDefault(lease, new ArrayDeque<>());
            Shipment head = queue.peek();
            while (head != null && mayGo(head, now)) {
                queue.remove();
                if (head.take()) {
                    queues.remove(lease);
                    queues.put(lease, queue);
                    return head;
                }
                head = queue.peek(); // That one was cancelled, which is about to be told.
            }
            if (head == null) {
                queues.remove(lease);
            }
        }
        return null;
    }

    private boolean mayGo(Shipment shipment, Moment now) {
        return now.isAtOrAfter(mayGoNanos(shipment, now));
    }

    private long mayGoNanos(Shipment shipment, Moment now) {
        return Due.later(pacing.dueNanos(shipment.port(), now.nanos()), leftoversUntilNanos);
    }

    private List<Shipment> heads() {
        if (interrupted != null) {
            return List.of(interrupted);
        }
        return queues.values().stream()
                .flatMap(queue -> Optional.ofNullable(queue.peek()).stream())
                .toList();
    }

    private void write(Shipment shipment, NodeSnapshot to, Moment now) {
        ToRadio message = ToRadio.newBuilder().setPacket(shipment.packet(to)).build();
        if (message.getSerializedSize() > FrameDecoder.MAX_PAYLOAD_BYTES) {
            fail(shipment, DeliveryFailure.TOO_LARGE, now);
            forget(shipment);
            return;
        }
        awaiting = shipment;
        verdictDueNanos = now.nanos() + VERDICT_NANOS;
        pacing.wrote(shipment.port(), now);
        if (shipment.stage() == DeliveryStage.QUEUED) {
            shipment.step(DeliveryStage.WRITTEN, generation, now);
        }
        writer.accept(message, now);
    }

    private void verdictMissing(Shipment shipment, Moment now) {
        NodeSnapshot to = node;
        if (!repeated && to != null) {
            repeated = true;
            write(shipment, to, now);
            return;
        }
        awaiting = null;
        if (!shipment.wantsAck() && !shipment.wantsReply() && !shipment.hasEnded()) {
            shipment.step(DeliveryStage.UNKNOWN, generation, now);
            shipment.end();
            forget(shipment);
        }
    }

    private void deadlinePassed(Shipment shipment, Moment now) {
        if (!shipment.hasEnded()) {
            if (shipment.stage() == DeliveryStage.QUEUED) {
                remove(shipment);
                refuse(shipment, DeliveryFailure.DEADLINE, now);
            } else {
                interrupted = shipment.equals(interrupted) ? null : interrupted;
                awaiting = shipment.equals(awaiting) ? null : awaiting;
                shipment.step(DeliveryStage.UNKNOWN, generation, now);
                shipment.end();
            }
        }
        known.remove(shipment.id(), shipment);
    }

    private void remove(Shipment shipment) {
        ArrayDeque<Shipment> queue = queues.get(shipment.lease());
        if (queue != null) {
            queue.remove(shipment);
        }
    }

    private void accepted(Shipment shipment, Moment now) {
        shipment.step(DeliveryStage.ACCEPTED, generation, now);
        if (!shipment.wantsAck() && !shipment.wantsReply()) {
            shipment.end();
            forget(shipment);
        }
    }

    private void fail(Shipment shipment, DeliveryFailure why, Moment now) {
        shipment.step(DeliveryStage.FAILED, Optional.of(why), generation, now);
        shipment.end();
    }

    private void forget(Shipment shipment) {
        known.remove(shipment.id(), shipment);
        deadlines.remove(shipment);
    }

    private static boolean isForTheNodeItself(MeshPacket packet, NodeSnapshot node) {
        return packet.getTo() == node.id().number() || packet.getDecoded().getPortnumValue() == PortNum.ADMIN_APP_VALUE;
    }
}
