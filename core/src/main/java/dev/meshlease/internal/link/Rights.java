package dev.meshlease.internal.link;

import dev.meshlease.Exclusive.Right;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.link.Tenure.Refusal;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.ToRadio;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which lease has which right, and who waits for it: first come, first served, while the link is READY. Loop only.
 *
 * <p>What a right to the settings means is the {@link Edit}'s business; the others are no more than being the only one.
 */
public final class Rights {
    private static final String FREE = "free";

    private final Edit edit;
    private final BiConsumer<ToRadio, Moment> writer;
    private final Connection connection;
    private final Map<Right, ArrayDeque<Tenure>> waiting = new EnumMap<>(Right.class);
    // But for the settings.
    private final Map<Right, Tenure> holders = new EnumMap<>(Right.class);
    private @Nullable NodeSnapshot node;
    private boolean closed;

    Rights(Edit edit, BiConsumer<ToRadio, Moment> writer, Connection connection) {
        this.edit = edit;
        this.writer = writer;
        this.connection = connection;
        for (Right right : Right.values()) {
            waiting.put(right, new ArrayDeque<>());
        }
    }

    /** Asks for a turn. */
    public void ask(Tenure tenure, boolean mayWait, Moment now) {
        if (closed) {
            tenure.refused(Refusal.LINK_CLOSED, "nobody");
        } else if (node == null && !mayWait) {
            tenure.refused(Refusal.LINK_DOWN, "nobody");
        } else {
            queue(tenure.right()).add(tenure);
            serve(now);
        }
    }

    /** A turn is over, or not wanted any more. */
    public void giveBack(Tenure tenure, Moment now) {
        if (!queue(tenure.right()).remove(tenure)) {
            holders.remove(tenure.right(), tenure);
            edit.leave(tenure, "closed by its holder", now);
            serve(now);
        }
    }

    /** A change by the holder of an edit. */
    public void change(Tenure tenure, Shipment change, Moment now) {
        edit.change(tenure, change, now);
    }

    /** The holder's commit of its edit. */
    public void commit(Tenure tenure, Shipment commit, Moment now) {
        edit.commit(tenure, commit, now);
    }

    /**
     * Says something that is no packet.
     *
     * @return why that is not possible, empty if it was handed over
     */
    public Optional<String> say(Tenure tenure, ToRadio message, Moment now) {
        if (!tenure.equals(holders.get(tenure.right()))) {
            return Optional.of("it ended when the link was lost; ask for it anew");
        }
        if (node == null) {
            return Optional.of("the link is down");
        }
        if (connection.stuckSinceNanos().isPresent()) {
            return Optional.of("the node takes nothing at the moment, what was written before is still on its way");
        }
        writer.accept(message, now);
        return Optional.empty();
    }

    /** Who has something at the moment, as more words after others; empty if nobody does. */
    String describe() {
        StringBuilder words = new StringBuilder();
        for (Right right : Right.values()) {
            int more = queue(right).size();
            String holder = holder(right);
            if (more > 0 || !holder.equals(FREE)) {
                words.append("; ").append(right).append(": ").append(holder);
                words.append(more == 0 ? "" : ", and " + more + " waiting");
            }
        }
        return words.toString();
    }

    private String holder(Right right) {
        if (right == Right.SETTINGS) {
            return edit.toString();
        }
        Tenure holder = holders.get(right);
        return holder == null ? FREE : holder.toString();
    }

    // ---- events

    void leaseClosed(long lease, Moment now) {
        List<Tenure> gone = new ArrayList<>();
        waiting.values().forEach(queue -> {
            queue.stream().filter(tenure -> tenure.lease() == lease).forEach(gone::add);
            queue.removeAll(gone);
        });
        holders.values().removeIf(tenure -> tenure.lease() == lease);
        gone.forEach(tenure -> tenure.refused(Refusal.LEASE_CLOSED, holder(tenure.right())));
        edit.leaseClosed(lease, now);
        serve(now);
    }

    void linkUp(NodeSnapshot snapshot, Moment now) {
        node = snapshot;
        edit.linkUp(now);
        serve(now);
    }

    void linkDown(Moment now) {
        node = null;
        holders.remove(Right.XMODEM); // The node forgets a transfer; whoever is its proxy is so again.
        edit.linkDown(now);
    }

    /** The link is about to close: whatever is open is brought to its end. */
    void lastCall(Moment now) {
        edit.leaveAny("the link is closing", now);
    }

    /** The link is closed for good. */
    void end() {
        closed = true;
        node = null;
        holders.clear();
        edit.end();
        for (ArrayDeque<Tenure> queue : waiting.values()) {
            queue.forEach(tenure -> tenure.refused(Refusal.LINK_CLOSED, "nobody"));
            queue.clear();
        }
    }

    /** Something may have come to its end, or time has passed. */
    void look(Moment now) {
        if (isQuiet()) {
            return;
        }
        edit.look(now);
        for (ArrayDeque<Tenure> queue : waiting.values()) {
            List<Tenure> late = queue.stream()
                    .filter(tenure -> now.isAtOrAfter(tenure.deadlineNanos()))
                    .toList();
            queue.removeAll(late);
            late.forEach(tenure -> tenure.refused(Refusal.DEADLINE, holder(tenure.right())));
        }
        serve(now);
    }

    long dueNanos(long otherwise) {
        long due = edit.dueNanos(otherwise);
        for (ArrayDeque<Tenure> queue : waiting.values()) {
            for (Tenure tenure : queue) {
                due = Due.earlier(due, tenure.deadlineNanos());
            }
        }
        return due;
    }

    private boolean isQuiet() {
        return edit.isFree() && waiting.values().stream().allMatch(ArrayDeque::isEmpty);
    }

    /** Whether there is something that a new connection would interrupt: an edit, or the transfer of a file. */
    boolean isUnderWay() {
        return !edit.isFree() || holders.containsKey(Right.XMODEM);
    }

    /** Whether it would be too early to close the link. */
    boolean isUnsettled() {
        return node != null && edit.isUnsettled();
    }

    /** Whether it would begin or end an edit of the settings past whoever has the right to. */
    boolean forbids(Shipment shipment, MeshPacket packet) {
        return node != null && Orders.isFrameOfAnEdit(packet, node.id()) && !edit.isStep(shipment);
    }

    boolean holdsBack(Shipment shipment, NodeSnapshot to) {
        return edit.holdsBack(shipment, to);
    }

    private void serve(Moment now) {
        for (Right right : Right.values()) {
            ArrayDeque<Tenure> queue = queue(right);
            while (node != null && isFree(right) && !queue.isEmpty()) {
                grant(queue.remove(), now);
            }
        }
    }

    private boolean isFree(Right right) {
        return right == Right.SETTINGS ? edit.isFree() : !holders.containsKey(right);
    }

    private void grant(Tenure tenure, Moment now) {
        NodeSnapshot to = node;
        if (tenure.right() == Right.SETTINGS && to != null) {
            edit.begin(tenure, to, now);
        } else {
            holders.put(tenure.right(), tenure);
            if (!tenure.granted()) {
                holders.remove(tenure.right());
            }
        }
    }

    @SuppressWarnings("NullAway") // The constructor has made one for each.
    private ArrayDeque<Tenure> queue(Right right) {
        return waiting.get(right);
    }
}
