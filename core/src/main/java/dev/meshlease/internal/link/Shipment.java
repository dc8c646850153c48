package dev.meshlease.internal.link;

import dev.meshlease.Acknowledgement;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One packet on its way through the outbox.
 *
 * <p><b>Threading:</b> everything on the loop, but for {@link #take()}, by which the outbox (to write it) and its sender (to cancel it)
 * settle who was first.
 */
public abstract class Shipment {
    private final AtomicBoolean taken = new AtomicBoolean();
    private final int id;
    private final long lease;
    private final int port;
    private final boolean wantsAck;
    private final boolean wantsReply;
    private final long deadlineNanos;

    // Loop only, from here on.
    private DeliveryStage stage = DeliveryStage.QUEUED;
    private @Nullable MeshPacket packet;
    private int wireId;
    private @Nullable DeliveryFailure refusal;
    private long notBeforeNanos;
    private long writtenNanos;
    private boolean mayBeOut;
    private boolean reopened;
    private boolean ended;
    private volatile String quote = "";

    protected Shipment(int id, long lease, int port, boolean wantsAck, boolean wantsReply, long deadlineNanos) {
        this.id = id;
        this.wireId = id;
        this.lease = lease;
        this.port = port;
        this.wantsAck = wantsAck;
        this.wantsReply = wantsReply;
        this.deadlineNanos = deadlineNanos;
    }

    /** How urgent it is among the packets of other leases; more is sooner. */
    protected abstract int priority();

    /** The packet, with all that only the link knows. */
    protected abstract MeshPacket compose(NodeSnapshot node);

    /** A stage was reached. After an end it may still be called, for what came late. */
    protected abstract void onStep(DeliveryStep step);

    /** The end of a packet that wanted an ack: it came. Follows the step ACKNOWLEDGED. */
    protected abstract void onAcknowledged(Acknowledgement acknowledgement);

    /** An answer came on the port asked on. */
    protected abstract void onAnswer(InboundPacket answer);

    /** It will go no further. Called once, after the last step of the way. */
    protected abstract void onEnd();

    /** Why the node refused it, in the node's own words. */
    final void quote(String words) {
        quote = words;
    }

    /** The same for a person, behind other words; empty if there is nothing to quote. */
    protected final String quoted() {
        String words = quote;
        return words.isEmpty() ? "" : ", the node says " + words;
    }

    /** Decides the race between writing and cancelling; tells whether the caller was first. */
    public final boolean take() {
        return taken.compareAndSet(false, true);
    }

    public final int id() {
        return id;
    }

    public final long lease() {
        return lease;
    }

    final boolean hasEnded() {
        return ended;
    }

    final DeliveryStage stage() {
        return stage;
    }

    protected final int port() {
        return port;
    }

    protected final boolean wantsAck() {
        return wantsAck;
    }

    final boolean wantsReply() {
        return wantsReply;
    }

    /** Whether it is out, as far as anybody knows, and an ack of it is of interest even after its end. */
    final boolean mayBeAckedLate() {
        return wantsAck && stage != DeliveryStage.QUEUED && stage != DeliveryStage.ACKNOWLEDGED && refusal == null;
    }

    final long deadlineNanos() {
        return deadlineNanos;
    }

    /** The packet as it goes over the wire: composed once, so that a repetition is the same to the last bit. */
    final MeshPacket packet(NodeSnapshot node) {
        if (packet == null) {
            packet = compose(node);
        }
        return packet;
    }

    /** Whether the node does it rather than sends it on. */
    final boolean isForTheNodeItself(NodeSnapshot node) {
        MeshPacket composed = packet(node);
        return composed.getTo() == node.id().number()
                || composed.getDecoded().getPortnumValue() == PortNum.ADMIN_APP_VALUE;
    }

    /** The id under which it goes over the wire: its own, until the node refuses that. */
    final int wireId() {
        return wireId;
    }

    /**
     * The node refused it before it did anything with it, so it may go again: but under another id, since nodes swallow repeats, and not
     * before a while.
     */
    final void refused(DeliveryFailure why, int freshId, long notBeforeNanos) {
        refusal = why;
        reopened |= stage == DeliveryStage.ACCEPTED;
        this.notBeforeNanos = notBeforeNanos;
        wireId = freshId;
        if (packet != null) {
            packet = packet.toBuilder().setId(freshId).build();
        }
    }

    /** Whether nothing of it has reached the node, or the node has refused it before it did anything. */
    final boolean isToBeWritten() {
        return !ended && (stage == DeliveryStage.QUEUED || refusal != null);
    }

    /** Whether it goes even when the link is about to close. */
    boolean isFarewell() {
        return false;
    }

    /** Whether it was written, and the node's word on it is still to come; also for the second time, after it has thought better of the first. */
    final boolean awaitsVerdict() {
        boolean isSecondTime = reopened && stage == DeliveryStage.ACCEPTED;
        return refusal == null && (isSecondTime || (stage == DeliveryStage.WRITTEN && !ended));
    }

    /** Whether the node had accepted it, and then refused it; and has not accepted it again. */
    final boolean isReopened() {
        return reopened && stage == DeliveryStage.ACCEPTED;
    }

    /** The node has accepted it again, or will not. */
    final void settled() {
        reopened = false;
    }

    /** Why it waits to go again, if the node has refused it. */
    final Optional<DeliveryFailure> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** When it may go, as far as it is up to it. */
    final long notBeforeNanos(long nowNanos) {
        return refusal == null ? nowNanos : Due.later(notBeforeNanos, nowNanos);
    }

    /** The packet once it was written. */
    final Optional<MeshPacket> written() {
        return stage == DeliveryStage.QUEUED ? Optional.empty() : Optional.ofNullable(packet);
    }

    /** It is on the wire, for the first time or again. */
    final void written(Moment now) {
        refusal = null;
        writtenNanos = now.nanos();
    }

    /** A link loss cut it off from its verdict: the node may have it. */
    final void cutOff() {
        mayBeOut = true;
    }

    final boolean mayBeOut() {
        return mayBeOut;
    }

    final long writtenNanos() {
        return writtenNanos;
    }

    final void step(DeliveryStage reached, long generation, Moment now) {
        step(reached, Optional.empty(), generation, now);
    }

    final void step(DeliveryStage reached, Optional<DeliveryFailure> failure, long generation, Moment now) {
        stage = reached;
        onStep(new DeliveryStep(reached, now.wall(), generation, failure));
    }

    final void end() {
        if (!ended) {
            ended = true;
            onEnd();
        }
    }
}
