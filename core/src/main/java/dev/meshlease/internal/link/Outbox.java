package dev.meshlease.internal.link;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.Endpoint;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.frame.FrameDecoder;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.WirePacket;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.ToRadio;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, and what waits for its fate.
 *
 * <p>One packet at a time is without the node's verdict: a node keeps only two verdicts, so more in flight would lose some. Leases take
 * turns; each lease's own packets stay in order, but those that are no administration pass changes that have to wait for somebody's edit.
 * A packet whose verdict does not come within 5 s is written once more under the same id, which the node swallows if it had it, see {@link
 * Window}.
 *
 * <p>A packet that a link loss cut off from its verdict goes first in the next session, under the same id: but only after a moment in
 * which the node hands out what it still has from the last session, that verdict perhaps among it. One that the node refused before it
 * did anything with it goes again as well, but under a fresh id, which is nobody else's business.
 */
final class Outbox {
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BiConsumer<ToRadio, Moment> writer;
    private final Siblings siblings;
    private final Connection connection;
    private final PacketIds packetIds;
    private final WireIds ids;
    private final Rights rights;
    private final Room room = new Room();
    private final Window window = new Window();
    private final Doubts doubts = new Doubts();
    private final Hearsay known = new Hearsay();
    private final Fates fates = new Fates(known);
    private final Departures departures = new Departures(this::isHeldBack, doubts::isAboutOneOf);

    private @Nullable NodeSnapshot node;

    Outbox(
            Endpoint endpoint,
            Connection connection,
            PacketIds packetIds,
            Siblings siblings,
            BiConsumer<ToRadio, Moment> writer) {
        this.siblings = siblings;
        this.writer = writer;
        this.connection = connection;
        this.packetIds = packetIds;
        this.ids = new WireIds(packetIds);
        this.rights = new Rights(new Edit(endpoint, this, packetIds), writer, connection);
    }

    /** What one lease at a time may do. */
    Rights rights() {
        return rights;
    }

    void submit(Shipment shipment, Moment now) {
        if (departures.hasRoom(shipment.lease())) {
            submitBeyond(shipment, now);
        } else {
            fates.reached(shipment, DeliveryStage.QUEUED, now);
            refuse(shipment, DeliveryFailure.OUTBOX_FULL, now);
        }
    }

    /** Submits what there is room for in any case. */
    void submitBeyond(Shipment shipment, Moment now) {
        fates.reached(shipment, DeliveryStage.QUEUED, now);
        departures.add(shipment);
        known.add(shipment);
        pump(now);
    }

    /** Fails a packet that was never written. One that its sender has taken back ends as that, without waiting to be told. */
    void refuse(Shipment shipment, DeliveryFailure why, Moment now) {
        fates.refuse(shipment, why, now);
    }

    /** A packet that its sender {@linkplain Shipment#take took} back, or wants no answer to; it may have ended before, see {@link #refuse}. */
    void cancelled(Shipment shipment, Moment now) {
        drop(shipment);
        if (!shipment.hasEnded()) {
            fates.fail(shipment, DeliveryFailure.CANCELLED, now);
        }
    }

    /** Takes back what is not to go over another connection than it was meant for. */
    void withdraw(Shipment shipment, Moment now) {
        drop(shipment);
        boolean isCancelled = shipment.stage() == DeliveryStage.QUEUED && !shipment.take();
        fates.fail(shipment, isCancelled ? DeliveryFailure.CANCELLED : DeliveryFailure.LINK_DOWN, now);
    }

    /** Ends what nobody will ever hear of again. */
    void giveUp(Shipment shipment, Moment now) {
        drop(shipment);
        if (!shipment.hasEnded()) {
            fates.unknown(shipment, now);
        }
    }

    private void drop(Shipment shipment) {
        departures.drop(shipment);
        doubts.remove(shipment);
        known.forget(shipment);
    }

    void leaseClosed(long lease, Moment now) {
        for (Shipment shipment : departures.leaseClosed(lease)) {
            refuse(shipment, DeliveryFailure.LEASE_CLOSED, now);
            known.forget(shipment);
        }
        rights.leaseClosed(lease, now);
        pump(now);
    }

    void linkUp(NodeSnapshot snapshot, Moment now) {
        node = snapshot;
        fates.linkUp(snapshot);
        departures.linkUp(now);
        room.forget();
        rights.linkUp(snapshot, now);
        pump(now);
    }

    /** Begin nothing new: the connection is about to end. */
    void hold(Moment now) {
        rights.lastCall(now);
        departures.hold();
    }

    /** It is not, after all. */
    void resume(Moment now) {
        departures.resume();
        pump(now);
    }

    void linkDown(Moment now) {
        NodeSnapshot former = node;
        node = null;
        doubts.takeAll().forEach(doubt -> unexplained(doubt, now));
        if (former != null) {
            departures.addCutOff(fates.cutOff(former, departures::goesAgain, now));
        }
        closeWindow(now);
        rights.linkDown(now);
    }

    /** The link is closed for good. */
    void end(Moment now) {
        rights.end();
        fates.end(now);
        departures.clear();
        var unused = doubts.takeAll();
        window.clear();
    }

    /** The node says something. */
    void spoken(Moment now) {
        window.spoken(now);
    }

    void queueStatus(QueueStatus status, Moment now) {
        room.told(status, now);
        int id = status.getMeshPacketId();
        Shipment inWindow = window.of(id);
        Shipment shipment = inWindow == null ? known.of(id) : inWindow;
        if (inWindow != null || !window.isAwaited()) {
            closeWindow(now); // What it says of anything is a sign that it reads.
        }
        if (shipment != null) {
            verdict(shipment, status, now);
        }
        pump(now);
    }

    /** The node has read what it was given, at the latest by now. */
    private void closeWindow(Moment now) {
        Shipment read = window.shipment();
        if (read != null) {
            departures.read(read, now);
            window.clear();
        }
    }

    private void verdict(Shipment shipment, QueueStatus status, Moment now) {
        if (shipment.awaitsVerdict() && !doubts.isAbout(shipment)) {
            if (Verdicts.mayMeanAnother(status)) {
                doubts.add(shipment, status.getRes(), now);
                departures.notAgain(shipment);
            } else {
                decided(shipment, status.getRes(), now);
            }
        }
        dropIfHeardOf(shipment);
    }

    private void decided(Shipment shipment, int res, Moment now) {
        fates.decided(shipment, res, now).ifPresent(why -> tryAgain(shipment, why, now));
    }

    /** No packet has said what the queueStatus meant, so it means what it does without one. */
    private void unexplained(Doubts.Doubt doubt, Moment now) {
        if (doubt.about().awaitsVerdict()) {
            decided(doubt.about(), doubt.res(), now);
        }
    }

    private void tryAgain(Shipment shipment, DeliveryFailure why, Moment now) {
        if (shipment.mayBeOut()) {
            fates.verdictMissing(shipment, now); // This copy was refused; nobody knows of the one before.
            return;
        }
        int refusedId = shipment.wireId();
        shipment.refused(why, ids.fresh(shipment.id()), now.nanos() + RETRY_NANOS);
        known.renamed(shipment, refusedId);
        departures.addAgain(shipment);
    }

    /** A packet from the node, with the ids of packets it refers to as their senders know them. */
    WirePacket restored(WirePacket packet) {
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
            Optional<DeliveryFailure> refusal = Receipts.apply(shipment, packet, node.id(), now);
            refusal.ifPresent(why -> tryAgain(shipment, why, now));
            if (shipment.hasEnded() || refusal.isPresent()) {
                doubts.remove(shipment);
            }
        } else if (shipment.wantsReply() && packet.port() == shipment.port() && !shipment.hasEnded()) {
            shipment.onAnswer(packet);
            shipment.end();
        }
        dropIfHeardOf(shipment);
        if (window.has(shipment) && !shipment.mayBeOut()) {
            // The node would not talk of a packet that it has not taken; its queueStatus may have been pushed out by
            // newer ones.
            closeWindow(now);
        }
        pump(now);
    }

    /** What the node speaks of it has; there is no need to send it again. */
    private void dropIfHeardOf(Shipment shipment) {
        boolean goesAgain = shipment.refusal().isPresent() && (!shipment.hasEnded() || shipment.isReopened());
        boolean isHeardOf = shipment.hasEnded() || shipment.stage() != DeliveryStage.WRITTEN;
        if (isHeardOf && !goesAgain) {
            departures.notAgain(shipment);
        }
    }

    void tick(Moment now) {
        Shipment silent = window.shipment();
        if (silent != null && window.isOverdue(now)) {
            verdictMissing(silent, now);
        }
        if (window.isBelieved(now)) {
            closeWindow(now);
        }
        doubts.takeOverdue(now).forEach(doubt -> unexplained(doubt, now));
        for (Shipment late = known.overdue(now); late != null; late = known.overdue(now)) {
            departures.drop(late);
            doubts.remove(late);
            fates.deadlinePassed(late, now);
        }
        if (window.wantsSign(now) || (isWaitingForRoom() && room.wantsToAsk(now))) {
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
        long due = doubts.dueNanos(known.dueNanos(rights.dueNanos(otherwise)));
        if (!window.isFree()) {
            return Due.earlier(due, window.dueNanos());
        }
        if (isWaitingForRoom()) {
            return Due.earlier(due, room.askNanos());
        }
        return node == null ? due : departures.dueNanos(now, due);
    }

    /** Whether it would be too early to close the link. */
    boolean isUnsettled() {
        return window.isAwaited() || rights.isUnsettled();
    }

    private boolean isWaitingForRoom() {
        return node != null && window.isFree() && room.isFull() && departures.isWaiting();
    }

    private void pump(Moment now) {
        rights.look(now);
        while (node != null && window.isFree() && !room.isFull()) {
            Shipment next = departures.next(now);
            if (next == null) {
                return;
            }
            write(next, node, now);
        }
    }

    /** Whether somebody else has the right to what it does. */
    private boolean isHeldBack(Shipment shipment) {
        return node != null && rights.holdsBack(shipment, node);
    }

    private void write(Shipment shipment, NodeSnapshot to, Moment now) {
        MeshPacket packet = ids.onWire(shipment.packet(to));
        ToRadio message = ToRadio.newBuilder().setPacket(packet).build();
        boolean fitsFrame = message.getSerializedSize() <= FrameDecoder.MAX_PAYLOAD_BYTES;
        boolean isTooLarge = !fitsFrame || Payloads.exceeded(packet, to).isPresent();
        if (isTooLarge || rights.forbids(shipment, packet)) {
            fates.unwritable(shipment, isTooLarge ? DeliveryFailure.TOO_LARGE : DeliveryFailure.NOT_AUTHORIZED, now);
            return;
        }
        window.wrote(shipment, now);
        packetIds.written(shipment.wireId());
        if (shipment.stage() == DeliveryStage.QUEUED) {
            shipment.written(now);
            fates.reached(shipment, DeliveryStage.WRITTEN, now);
            siblings.sent(shipment, packet, to, now);
        } else if (shipment.refusal().isPresent()) {
            shipment.written(now);
        }
        writer.accept(message, now);
    }

    private void verdictMissing(Shipment shipment, Moment now) {
        NodeSnapshot to = node;
        if (!window.wasRepeated() && to != null && mayBeRepeated(shipment, to)) {
            write(shipment, to, now);
            return;
        }
        window.doubt(now);
        fates.verdictMissing(shipment, now);
    }

    /** A console may have restarted without a word, and remember no ids: what is said again to the node itself might be done twice there. */
    private boolean mayBeRepeated(Shipment shipment, NodeSnapshot to) {
        boolean isSafe = shipment.isFarewell() || !connection.isConsole() || !shipment.isForTheNodeItself(to);
        return isSafe && shipment.awaitsVerdict();
    }
}
