package dev.meshlease.internal.link;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.Endpoint;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.frame.FrameDecoder;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.ToRadio;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, and what waits for its fate.
 *
 * <p>One packet at a time is without the node's verdict: a node keeps only two verdicts, so more in flight would lose some. Leases take
 * turns; each lease's own packets stay in order. A packet whose verdict does not come within 5 s is written once more under the same id,
 * which the node swallows if it had it.
 *
 * <p>A packet that a link loss cut off from its verdict goes first in the next session, under the same id: but only after a moment in
 * which the node hands out what it still has from the last session, that verdict perhaps among it. One that the node refused before it
 * did anything with it goes again as well, but under a fresh id, which is nobody else's business.
 */
final class Outbox {
    static final long VERDICT_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long LEFTOVERS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BiConsumer<ToRadio, Moment> writer;
    private final WireIds ids;
    private final Pacing pacing = new Pacing();
    private final Room room = new Room();
    private final Turns turns = new Turns();
    private final Rights rights;
    // What was written, and goes again before anything else of its lease.
    private final List<Shipment> again = new ArrayList<>();
    private final Hearsay known = new Hearsay();

    private @Nullable NodeSnapshot node;
    private long generation;
    private boolean held;
    // Until when a new session may still tell what a link loss cut off from its verdict.
    private long leftoversUntilNanos;
    private @Nullable Shipment awaiting;
    private long verdictDueNanos;
    private boolean repeated;

    /**
     * @param isStuck whether what was written before is still on its way to the node
     * @param reserveId gives a packet id that nobody uses
     * @param releaseId takes it back
     */
    Outbox(
            Endpoint endpoint,
            BiConsumer<ToRadio, Moment> writer,
            BooleanSupplier isStuck,
            IntSupplier reserveId,
            IntConsumer releaseId) {
        this.writer = writer;
        this.ids = new WireIds(reserveId, releaseId);
        this.rights = new Rights(new Edit(endpoint, this, reserveId, releaseId), writer, isStuck);
    }

    /** What one lease at a time may do. */
    Rights rights() {
        return rights;
    }

    void submit(Shipment shipment, Moment now) {
        shipment.step(DeliveryStage.QUEUED, generation, now);
        if (!turns.add(shipment)) {
            refuse(shipment, DeliveryFailure.OUTBOX_FULL, now);
            return;
        }
        known.add(shipment);
        pump(now);
    }

    /** Fails a packet that was never written. One that its sender has taken back ends as that, without waiting to be told. */
    void refuse(Shipment shipment, DeliveryFailure why, Moment now) {
        fail(shipment, shipment.take() ? why : DeliveryFailure.CANCELLED, now);
    }

    /** A packet that its sender {@linkplain Shipment#take took} back; it may have ended as such before, see {@link #refuse}. */
    void cancelled(Shipment shipment, Moment now) {
        turns.remove(shipment);
        if (!shipment.hasEnded()) {
            fail(shipment, DeliveryFailure.CANCELLED, now);
        }
        known.forget(shipment);
    }

    /** Takes back what is not to go over another connection than it was meant for. */
    void withdraw(Shipment shipment, Moment now) {
        turns.remove(shipment);
        again.remove(shipment);
        boolean isCancelled = shipment.stage() == DeliveryStage.QUEUED && !shipment.take();
        fail(shipment, isCancelled ? DeliveryFailure.CANCELLED : DeliveryFailure.LINK_DOWN, now);
        known.forget(shipment);
    }

    /** Ends what nobody will ever hear of again. */
    void giveUp(Shipment shipment, Moment now) {
        turns.remove(shipment);
        again.remove(shipment);
        if (!shipment.hasEnded()) {
            shipment.step(DeliveryStage.UNKNOWN, Optional.of(DeliveryFailure.LINK_DOWN), generation, now);
            shipment.end();
        }
        known.forget(shipment);
    }

    void leaseClosed(long lease, Moment now) {
        for (Shipment shipment : turns.removeAll(lease)) {
            if (shipment.isFarewell()) {
                turns.add(shipment);
            } else {
                refuse(shipment, DeliveryFailure.LEASE_CLOSED, now);
                known.forget(shipment);
            }
        }
        rights.leaseClosed(lease, now);
        pump(now);
    }

    void linkUp(NodeSnapshot snapshot, Moment now) {
        node = snapshot;
        generation = snapshot.generation();
        held = false;
        boolean mayHearMore =
                again.stream().anyMatch(shipment -> shipment.refusal().isEmpty());
        leftoversUntilNanos = mayHearMore ? now.nanos() + LEFTOVERS_NANOS : now.nanos();
        room.forget();
        rights.linkUp(snapshot, now);
        pump(now);
    }

    /** Begin nothing new: the connection is about to end. */
    void hold(Moment now) {
        rights.lastCall(now);
        held = true;
    }

    /** It is not, after all. */
    void resume(Moment now) {
        held = false;
        pump(now);
    }

    void linkDown(Moment now) {
        NodeSnapshot former = node;
        node = null;
        awaiting = null;
        if (former != null) {
            cutOff(former, now);
        }
        rights.linkDown(now);
    }

    private void cutOff(NodeSnapshot former, Moment now) {
        List<Shipment> cut = new ArrayList<>();
        for (Shipment shipment : withoutVerdict()) {
            if (isForTheNodeItself(shipment.packet(former), former)) {
                // A new session of the node remembers no ids: a command sent twice might run twice.
                shipment.step(DeliveryStage.UNKNOWN, Optional.of(DeliveryFailure.LINK_DOWN), generation, now);
                shipment.end();
            } else {
                shipment.cutOff();
                cut.add(shipment);
            }
        }
        again.addAll(0, cut);
    }

    /** What was written in this session and not heard of, the one that is waited for and those given up before, as they were written. */
    private List<Shipment> withoutVerdict() {
        return known.all().stream()
                .filter(shipment -> shipment.stage() == DeliveryStage.WRITTEN && !shipment.hasEnded())
                .filter(shipment -> !again.contains(shipment))
                .sorted((one, other) -> Long.signum(one.writtenNanos() - other.writtenNanos()))
                .toList();
    }

    /** The link is closed for good. */
    void end(Moment now) {
        rights.end();
        for (Shipment shipment : known.all()) {
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
        turns.clear();
        again.clear();
        awaiting = null;
    }

    void queueStatus(QueueStatus status, Moment now) {
        room.told(status, now);
        Shipment shipment = known.of(status.getMeshPacketId());
        if (shipment != null) {
            verdict(shipment, status.getRes(), now);
        }
        pump(now);
    }

    private void verdict(Shipment shipment, int res, Moment now) {
        if (shipment.equals(awaiting)) {
            awaiting = null;
            pacing.confirmed(shipment.port(), now);
        }
        if (shipment.stage() == DeliveryStage.WRITTEN) {
            if (Verdicts.isAccepted(res)) {
                accepted(shipment, now);
            } else {
                refused(shipment, Verdicts.ofQueueStatus(res), now);
            }
        }
        dropIfHeardOf(shipment);
    }

    private void refused(Shipment shipment, DeliveryFailure why, Moment now) {
        if (Verdicts.isBeforeAnything(why)) {
            tryAgain(shipment, why, now);
        } else {
            fail(shipment, why, now);
            if (!shipment.wantsAck()) {
                known.forget(shipment);
            }
        }
    }

    private void tryAgain(Shipment shipment, DeliveryFailure why, Moment now) {
        if (shipment.mayBeOut()) {
            settleUnknown(shipment, now); // This copy was refused; nobody knows of the one before.
            return;
        }
        int refusedId = shipment.wireId();
        shipment.refused(why, ids.fresh(shipment.id()), now.nanos() + RETRY_NANOS);
        known.renamed(shipment, refusedId);
        again.remove(shipment);
        again.add(shipment);
    }

    /** A packet from the node, with the ids of packets it refers to as their senders know them. */
    MeshPacket restored(MeshPacket packet) {
        return ids.restored(packet);
    }

    /**
     * Acks, naks and answers come as packets.
     *
     * @param requestId the id on the wire of what it answers, 0 for none
     */
    void inbound(InboundPacket packet, int requestId, Moment now) {
        Shipment shipment = known.of(requestId);
        if (shipment == null || shipment.stage() == DeliveryStage.QUEUED || node == null) {
            return;
        }
        if (packet.port() == PortNum.ROUTING_APP_VALUE) {
            Receipts.apply(shipment, packet, node.id(), now).ifPresent(why -> tryAgain(shipment, why, now));
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
        boolean isHeardOf = shipment.refusal().isEmpty() && shipment.stage() != DeliveryStage.WRITTEN;
        if (shipment.hasEnded() || isHeardOf) {
            again.remove(shipment);
        }
    }

    void tick(Moment now) {
        Shipment silent = awaiting;
        if (silent != null && now.isAtOrAfter(verdictDueNanos)) {
            verdictMissing(silent, now);
        }
        for (Shipment late = known.overdue(now); late != null; late = known.overdue(now)) {
            deadlinePassed(late, now);
        }
        if (isWaitingForRoom() && room.wantsToAsk(now)) {
            probe(now);
        }
        pump(now);
    }

    /** Has the node say something, if it is there. */
    void probe(Moment now) {
        if (node != null) {
            writer.accept(Session.HEARTBEAT, now);
        }
    }

    /** When {@link #tick} is due, or {@code otherwise} if that is sooner. */
    long dueNanos(Moment now, long otherwise) {
        long due = known.dueNanos(rights.dueNanos(otherwise));
        if (awaiting != null) {
            return Due.earlier(due, verdictDueNanos);
        }
        if (isWaitingForRoom()) {
            return Due.earlier(due, room.askNanos());
        }
        if (node != null) {
            for (Shipment head : heads()) {
                due = Due.earlier(due, mayGoNanos(head, now));
            }
        }
        return due;
    }

    /** Whether it would be too early to close the link. */
    boolean isUnsettled() {
        return awaiting != null || rights.isUnsettled();
    }

    private boolean isWaitingForRoom() {
        return node != null && awaiting == null && room.isFull() && !heads().isEmpty();
    }

    private void pump(Moment now) {
        rights.look(now);
        while (node != null && awaiting == null && !room.isFull()) {
            Shipment next = next(now);
            if (next == null) {
                return;
            }
            repeated = false;
            write(next, node, now);
        }
    }

    private @Nullable Shipment next(Moment now) {
        for (Shipment shipment : again) {
            if (mayGo(shipment, now)) {
                again.remove(shipment);
                return shipment;
            }
        }
        return turns.next(head -> mayGo(head, now) && !goesAgain(head.lease()));
    }

    /** Its packets stay in order, so they wait for the one that goes again. */
    private boolean goesAgain(long lease) {
        return again.stream().anyMatch(shipment -> shipment.lease() == lease);
    }

    private boolean mayGo(Shipment shipment, Moment now) {
        return isWelcome(shipment) && now.isAtOrAfter(mayGoNanos(shipment, now));
    }

    /** Whether it is only a question of time when it may go. */
    private boolean isWelcome(Shipment shipment) {
        return node != null && (!held || shipment.isFarewell()) && !rights.holdsBack(shipment, node);
    }

    private long mayGoNanos(Shipment shipment, Moment now) {
        long may = Due.later(shipment.notBeforeNanos(now.nanos()), leftoversUntilNanos);
        return Due.later(pacing.dueNanos(shipment.port(), now.nanos()), may);
    }

    /** What may be written next, as soon as its time has come. */
    private List<Shipment> heads() {
        List<Shipment> heads = new ArrayList<>(again);
        turns.heads().stream().filter(head -> !goesAgain(head.lease())).forEach(heads::add);
        heads.removeIf(head -> !isWelcome(head));
        return heads;
    }

    private void write(Shipment shipment, NodeSnapshot to, Moment now) {
        MeshPacket packet = shipment.packet(to);
        ToRadio message = ToRadio.newBuilder().setPacket(packet).build();
        boolean fitsFrame = message.getSerializedSize() <= FrameDecoder.MAX_PAYLOAD_BYTES;
        if (!fitsFrame || Payloads.exceeded(packet, to).isPresent()) {
            fail(shipment, DeliveryFailure.TOO_LARGE, now);
            known.forget(shipment);
            return;
        }
        awaiting = shipment;
        verdictDueNanos = now.nanos() + VERDICT_NANOS;
        pacing.wrote(shipment.port(), now);
        if (shipment.stage() == DeliveryStage.QUEUED) {
            shipment.written(now);
            shipment.step(DeliveryStage.WRITTEN, generation, now);
        } else if (shipment.refusal().isPresent()) {
            shipment.written(now);
        }
        writer.accept(message, now);
    }

    private void verdictMissing(Shipment shipment, Moment now) {
        NodeSnapshot to = node;
        // A console may have restarted without a word, and remember no ids: a command said again might run twice.
        if (!repeated && to != null && !isForTheNodeItself(shipment.packet(to), to)) {
            repeated = true;
            write(shipment, to, now);
            return;
        }
        awaiting = null;
        settleUnknown(shipment, now);
    }

    private void settleUnknown(Shipment shipment, Moment now) {
        if (!shipment.wantsAck() && !shipment.wantsReply() && !shipment.hasEnded()) {
            shipment.step(DeliveryStage.UNKNOWN, generation, now);
            shipment.end();
            known.forget(shipment);
        }
    }

    private void deadlinePassed(Shipment shipment, Moment now) {
        if (shipment.hasEnded()) {
            return;
        }
        again.remove(shipment);
        Optional<DeliveryFailure> refusal = shipment.refusal();
        if (shipment.stage() == DeliveryStage.QUEUED) {
            turns.remove(shipment);
            refuse(shipment, DeliveryFailure.DEADLINE, now);
        } else if (refusal.isPresent()) {
            fail(shipment, refusal.get(), now);
        } else {
            awaiting = shipment.equals(awaiting) ? null : awaiting;
            shipment.step(DeliveryStage.UNKNOWN, generation, now);
            shipment.end();
        }
    }

    private void accepted(Shipment shipment, Moment now) {
        shipment.step(DeliveryStage.ACCEPTED, generation, now);
        if (!shipment.wantsAck() && !shipment.wantsReply()) {
            shipment.end();
            known.forget(shipment);
        }
    }

    private void fail(Shipment shipment, DeliveryFailure why, Moment now) {
        shipment.step(DeliveryStage.FAILED, Optional.of(why), generation, now);
        shipment.end();
    }

    private static boolean isForTheNodeItself(MeshPacket packet, NodeSnapshot node) {
        return packet.getTo() == node.id().number() || packet.getDecoded().getPortnumValue() == PortNum.ADMIN_APP_VALUE;
    }
}
