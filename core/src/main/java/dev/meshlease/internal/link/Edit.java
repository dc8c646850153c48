package dev.meshlease.internal.link;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.Endpoint;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edit of the node's settings: the node has one, whoever began it. Loop only.
 *
 * <pre>
 *  NONE ──► BEGINNING ──acknowledged──► OPEN ──commit──► COMMITTING ──acknowledged──► RESTARTING ──link up, or 45 s──► NONE
 *              │ refused: NONE           │ left open, link lost     │ unknown: NONE, with a WARN
 *              └ unknown ────────────────┴─► COMMITTING, by the link itself, with a WARN
 * </pre>
 *
 * <p>It looks at its packets after each event of the outbox rather than being told of them, so it needs no way back into it.
 */
final class Edit {
    private static final Logger LOG = LoggerFactory.getLogger(Edit.class);

    /** No lease has this number. */
    static final long NO_LEASE = 0;

    /** The node restarts 7 s after a commit: a link that is up sooner was lost for another reason. */
    static final long EARLIEST_NANOS = TimeUnit.SECONDS.toNanos(7);

    /** Boards restart without a word, and reset who speaks to them when they are back. */
    static final long FIRST_PROBE_NANOS = TimeUnit.SECONDS.toNanos(8);

    static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** When it is clear that it does not. */
    static final long RESTART_NANOS = TimeUnit.SECONDS.toNanos(45);

    /** A node that is away for longer than that has most likely been restarted, and has forgotten the edit. */
    static final long LAST_COMMIT_NANOS = TimeUnit.HOURS.toNanos(1);

    private enum Phase {
        NONE,
        BEGINNING,
        OPEN,
        COMMITTING,
        RESTARTING
    }

    private final Endpoint endpoint;
    private final Outbox outbox;
    private final PacketIds ids;

    private Phase phase = Phase.NONE;
    private long lease = NO_LEASE;
    private @Nullable Tenure holder;
    // That which begins or ends it; null in the other phases.
    private @Nullable Shipment step;
    private boolean isLate; // Whether its turn was given up since it began too late.
    private long restartedByNanos;
    private long probeNanos;

    Edit(Endpoint endpoint, Outbox outbox, PacketIds ids) {
        this.endpoint = endpoint;
        this.outbox = outbox;
        this.ids = ids;
    }

    boolean isFree() {
        return phase == Phase.NONE;
    }

    boolean isHeldBy(Tenure tenure) {
        return tenure.equals(holder);
    }

    /** Whether that is what begins or ends it. */
    boolean isStep(Shipment shipment) {
        return shipment.equals(step);
    }

    void begin(Tenure tenure, NodeSnapshot node, Moment now) {
        phase = Phase.BEGINNING;
        holder = tenure;
        lease = tenure.lease();
        Shipment begin = tenure.begin(node);
        step = begin;
        outbox.submitBeyond(begin, now);
        look(now);
    }

    /** A change by its holder. */
    void change(Tenure tenure, Shipment change, Moment now) {
        if (phase == Phase.OPEN && isHeldBy(tenure)) {
            tenure.changes().removeIf(Shipment::hasEnded);
            tenure.changes().add(change);
            outbox.submit(change, now);
        } else {
            outbox.refuse(change, DeliveryFailure.LINK_DOWN, now); // It was open when this was asked for.
        }
    }

    /** Its holder's commit. */
    void commit(Tenure tenure, Shipment commit, Moment now) {
        if (phase == Phase.OPEN && isHeldBy(tenure)) {
            phase = Phase.COMMITTING;
            step = commit;
            outbox.submitBeyond(commit, now);
            look(now);
        } else {
            outbox.giveUp(commit, now);
        }
    }

    /** Its holder wants it no more; or nobody can have it any more, since the link is about to close. */
    void leave(Tenure tenure, String why, Moment now) {
        if (!isHeldBy(tenure)) {
            return;
        }
        Shipment begin = step;
        if (phase == Phase.BEGINNING && begin != null && begin.take()) {
            outbox.cancelled(begin, now);
        } else if (phase == Phase.OPEN) {
            abandon(why, now);
        }
        look(now);
    }

    void leaveAny(String why, Moment now) {
        if (holder != null) {
            holder.refused(Tenure.Refusal.LINK_CLOSED, toString());
            leave(holder, why, now);
        }
    }

    void leaseClosed(long closed, Moment now) {
        Tenure tenure = holder;
        if (tenure != null && tenure.lease() == closed) {
            tenure.refused(Tenure.Refusal.LEASE_CLOSED, toString());
            leave(tenure, "its lease was closed", now);
        }
    }

    void linkDown(Moment now) {
        Tenure tenure = holder;
        Shipment last = step;
        if (tenure == null) {
            return;
        }
        tenure.changes().stream().filter(Shipment::isToBeWritten).forEach(change -> outbox.withdraw(change, now));
        if (phase == Phase.OPEN) {
            abandon("the link was lost", now);
        } else if (last != null && !last.isToBeWritten()) {
            outbox.giveUp(last, now);
        } else if (last != null && phase == Phase.COMMITTING && !last.isFarewell()) {
            outbox.giveUp(last, now);
            abandon("the link was lost before its commit", now);
        }
        look(now);
    }

    void linkUp(Moment now) {
        if (phase == Phase.RESTARTING && now.isAtOrAfter(restartedByNanos - RESTART_NANOS + EARLIEST_NANOS)) {
            over();
        }
    }

    /** The link is closed for good. */
    void end() {
        if (phase == Phase.OPEN || owesCommit()) {
            LOG.warn("{}: the link is closed, and the node may keep the edit of {} open", endpoint, holder);
        }
        if (holder != null) {
            holder.refused(Tenure.Refusal.LINK_CLOSED, toString()); // If it was only about to begin.
        }
        over();
    }

    /** Whether the link itself is about to end it. */
    private boolean owesCommit() {
        return phase == Phase.COMMITTING && step != null && step.isFarewell();
    }

    /** Whether the node is about to be told of its end, or of its beginning, and has to hear of its end then. */
    boolean isUnsettled() {
        return owesCommit() || (phase == Phase.BEGINNING && !isAboutToBegin());
    }

    private boolean isAboutToBegin() {
        return phase == Phase.BEGINNING && step != null && step.isToBeWritten();
    }

    /** Looks at what has become of its packets. */
    void look(Moment now) {
        Shipment last = step;
        if (phase == Phase.RESTARTING && now.isAtOrAfter(restartedByNanos)) {
            over();
        } else if (phase == Phase.RESTARTING && now.isAtOrAfter(probeNanos)) {
            probeNanos = now.nanos() + PROBE_NANOS;
            outbox.probe(now);
        } else if (last != null && isOverdue(last, now)) {
            outbox.giveUp(last, now);
            look(now);
        } else if (holder != null && mayBeginLate() && now.isAtOrAfter(holder.deadlineNanos())) {
            isLate = true;
            holder.refused(Tenure.Refusal.DEADLINE, toString());
            leave(holder, "its turn came too late", now);
        } else if (last != null && last.hasEnded()) {
            if (phase == Phase.BEGINNING) {
                begun(last, now);
            } else if (phase == Phase.COMMITTING) {
                committed(last, now);
            }
        }
    }

    private boolean mayBeginLate() {
        return phase == Phase.BEGINNING && !isLate;
    }

    /** Whether a commit of the link's own was said, and the node has had the time of a restart to say something of it. */
    private boolean isOverdue(Shipment last, Moment now) {
        return owesCommit()
                && !last.hasEnded()
                && last.stage() != DeliveryStage.QUEUED
                && now.isAtOrAfter(lastWordDueNanos(last));
    }

    private static long lastWordDueNanos(Shipment last) {
        return last.writtenNanos() + RESTART_NANOS;
    }

    private void begun(Shipment begin, Moment now) {
        Tenure tenure = holder;
        step = null;
        if (tenure == null) {
            over();
        } else if (begin.stage() == DeliveryStage.ACKNOWLEDGED) {
            phase = Phase.OPEN;
            if (!tenure.granted()) {
                abandon("nobody waited for it any more", now);
            }
        } else {
            boolean mayBeOpen = begin.stage() == DeliveryStage.UNKNOWN;
            tenure.refused(Tenure.Refusal.NOT_BEGUN, toString());
            if (mayBeOpen) {
                abandon("nobody knows whether it was begun", now);
            } else {
                over();
            }
        }
    }

    private void committed(Shipment commit, Moment now) {
        if (commit.stage() == DeliveryStage.ACKNOWLEDGED) {
            phase = Phase.RESTARTING;
            restartedByNanos = now.nanos() + RESTART_NANOS;
            probeNanos = now.nanos() + FIRST_PROBE_NANOS;
            holder = null;
            step = null;
        } else if (commit.stage() == DeliveryStage.FAILED && !commit.isFarewell()) {
            abandon("its commit failed", now);
        } else {
            LOG.warn("{}: nobody knows whether the node has committed the edit of {}", endpoint, holder);
            over();
        }
    }

    private void abandon(String why, Moment now) {
        Tenure tenure = Objects.requireNonNull(holder);
        // Behind what its holder has queued for it, if that is anything; else at once, whatever else the holder has
        // queued.
        boolean isBehind = tenure.changes().stream().anyMatch(Shipment::isToBeWritten);
        lease = isBehind ? tenure.lease() : NO_LEASE;
        LOG.warn(
                "{}: the edit of the settings by {} ended without a commit ({}). The node has no way back: what it has taken of it is"
                        + " committed now, or once the link is back, and the node restarts",
                endpoint,
                tenure,
                why);
        phase = Phase.COMMITTING;
        LastCommit commit = new LastCommit(ids, lease, now.nanos() + LAST_COMMIT_NANOS);
        step = commit;
        outbox.submitBeyond(commit, now);
    }

    private void over() {
        phase = Phase.NONE;
        holder = null;
        step = null;
        lease = NO_LEASE;
        isLate = false;
    }

    /** Whether a packet has to wait, since it changes the node while somebody else edits it. */
    boolean holdsBack(Shipment shipment, NodeSnapshot node) {
        boolean mayPass = phase == Phase.NONE
                || shipment.port() != PortNum.ADMIN_APP_VALUE
                || shipment.isFarewell()
                || (phase != Phase.RESTARTING && lease != NO_LEASE && shipment.lease() == lease);
        return !mayPass && isChange(shipment.packet(node), node);
    }

    private static boolean isChange(MeshPacket packet, NodeSnapshot node) {
        if (!Orders.isHeardBy(node.id(), packet)) {
            return false;
        }
        try {
            return Orders.isChange(AdminMessage.parseFrom(packet.getDecoded().getPayload()));
        } catch (InvalidProtocolBufferException unknown) {
            return true;
        }
    }

    long dueNanos(long otherwise) {
        if (holder != null && mayBeginLate()) {
            return Due.earlier(otherwise, holder.deadlineNanos());
        }
        Shipment last = step;
        if (last != null && owesCommit() && last.stage() != DeliveryStage.QUEUED) {
            return Due.earlier(otherwise, lastWordDueNanos(last));
        }
        return phase == Phase.RESTARTING
                ? Due.earlier(Due.earlier(otherwise, restartedByNanos), probeNanos)
                : otherwise;
    }

    @Override
    public String toString() {
        return switch (phase) {
            case NONE -> "free";
            case BEGINNING -> holder + ", beginning";
            case OPEN -> String.valueOf(holder);
            case COMMITTING -> holder + ", committing";
            case RESTARTING -> "free once the node has restarted";
        };
    }
}
