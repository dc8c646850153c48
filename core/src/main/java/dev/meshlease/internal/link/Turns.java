package dev.meshlease.internal.link;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What has never been written, by lease. A lease's packets stay in order. Among leases the most urgent first packet goes; where several
 * are as urgent, leases take turns, so none waits for more than one packet of each other.
 */
final class Turns {
    static final int PER_LEASE = 64;

    // In the order of their turns: who has sent goes to the end.
    private final Map<Long, ArrayDeque<Shipment>> queues = new LinkedHashMap<>();

    /** Returns whether there was room. */
    boolean add(Shipment shipment) {
        ArrayDeque<Shipment> queue = queues.computeIfAbsent(shipment.lease(), lease -> new ArrayDeque<>());
        return (queue.size() < PER_LEASE || shipment.isFarewell()) && queue.add(shipment);
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

    /** The first packet of each lease. */
    List<Shipment> heads() {
        List<Shipment> heads = new ArrayList<>();
        queues.values().forEach(queue -> heads.add(queue.element()));
        return heads;
    }

    /** Takes out the packet whose turn it is of those that may go, or null if there is none. */
    @Nullable
    Shipment next(Predicate<Shipment> mayGo) {
        for (Shipment best = best(mayGo); best != null; best = best(mayGo)) {
            ArrayDeque<Shipment> queue = queues.remove(best.lease());
            if (queue == null) {
                throw new IllegalStateException("A packet that nobody has queued: " + best);
            }
            queue.remove();
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
            Shipment head = queue.element();
            if ((best == null || head.priority() > best.priority()) && mayGo.test(head)) {
                best = head;
            }
        }
        return best;
    }
}
