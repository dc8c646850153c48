package dev.meshlease.internal.link;

import dev.meshlease.proto.PortNum;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What has never been written, by lease. A lease's packets stay in order; but what is no administration passes administration that is held
 * back, while somebody edits the node. Among leases the most urgent first packet goes; where several
 * are as urgent, leases take turns, so none waits for more than one packet of each other.
 */
final class Turns {
    static final int PER_LEASE = 64;

    // In the order of their turns: who has sent goes to the end.
    private final Map<Long, ArrayDeque<Shipment>> queues = new LinkedHashMap<>();
    private final Predicate<Shipment> isHeldBack;

    Turns(Predicate<Shipment> isHeldBack) {
        this.isHeldBack = isHeldBack;
    }

    boolean hasRoom(long lease) {
        ArrayDeque<Shipment> queue = queues.get(lease);
        return queue == null || queue.size() < PER_LEASE;
    }

    void add(Shipment shipment) {
        queues.computeIfAbsent(shipment.lease(), lease -> new ArrayDeque<>()).add(shipment);
    }

    void remove(Shipment shipment) {
        ArrayDeque<Shipment> queue = queues.get(shipment.lease());
        if (queue != null && queue.remove(shipment) && queue.isEmpty()) {
            queues.remove(shipment.lease());
        }
    }

    /** Removes all packets of a lease. */
    List<Shipment> removeAll(long lease) {
        ArrayDeque<Shipment> queue = queues.remove(lease);
        return queue == null ? List.of() : List.copyOf(queue);
    }

    void clear() {
        queues.clear();
    }

    /** The packet of each lease that goes before its others. */
    List<Shipment> heads() {
        return queues.values().stream().map(this::head).toList();
    }

    private Shipment head(ArrayDeque<Shipment> queue) {
        Shipment first = queue.element();
        if (!isHeldBack.test(first)) {
            return first;
        }
        return queue.stream()
                .filter(shipment -> shipment.port() != PortNum.ADMIN_APP_VALUE)
                .findFirst()
                .orElse(first);
    }

    /** Takes out the packet whose turn it is of those that may go, or null if there is none. */
    @Nullable
    Shipment next(Predicate<Shipment> mayGo) {
        for (Shipment best = best(mayGo); best != null; best = best(mayGo)) {
            ArrayDeque<Shipment> queue = queues.remove(best.lease());
            if (queue == null) {
                throw new IllegalStateException("A packet that nobody has queued: " + best);
            }
            queue.remove(best);
            boolean inTime = best.take();
            if (!queue.isEmpty()) {
                queues.put(best.lease(), queue);
            }
            if (inTime) {
                return best;
            }
            // That one was cancelled, which is about to be told.
        }
        return null;
    }

    private @Nullable Shipment best(Predicate<Shipment> mayGo) {
        Shipment best = null;
        for (ArrayDeque<Shipment> queue : queues.values()) {
            Shipment head = head(queue);
            if ((best == null || head.priority() > best.priority()) && mayGo.test(head)) {
                best = head;
            }
        }
        return best;
    }
}
