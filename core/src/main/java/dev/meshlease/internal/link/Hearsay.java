package dev.meshlease.internal.link;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Every packet that something may still be heard of, by its id on the wire. One that waits for an ack is listened for a while longer
 * than its deadline: an ack that comes then changes no end, but its sender may want to know.
 */
final class Hearsay {
    static final long LATE_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** How long a node has to think better of what it has accepted. */
    static final long SECOND_THOUGHTS_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Accepted(Shipment shipment, long untilNanos) {}

    private final Map<Integer, Shipment> byWireId = new HashMap<>();
    private final PriorityQueue<Shipment> deadlines =
            new PriorityQueue<>((one, other) -> Long.signum(one.deadlineNanos() - other.deadlineNanos()));
    // Past their deadlines, in the order of those.
    private final ArrayDeque<Shipment> late = new ArrayDeque<>();

    // In the order of their times.
    private final ArrayDeque<Accepted> accepted = new ArrayDeque<>();

    void add(Shipment shipment) {
        byWireId.put(shipment.id(), shipment);
        deadlines.add(shipment);
    }

    @Nullable
    Shipment of(int wireId) {
        return wireId == 0 ? null : byWireId.get(wireId);
    }

    /** It goes under another id from now on. */
    void renamed(Shipment shipment, int formerWireId) {
        byWireId.remove(formerWireId, shipment);
        byWireId.put(shipment.wireId(), shipment);
    }

    /** Nothing that is heard of it is of interest any more. */
    void forget(Shipment shipment) {
        byWireId.remove(shipment.wireId(), shipment);
        deadlines.remove(shipment);
    }

    /** It has ended as accepted; that may be taken back. */
    void listenOn(Shipment shipment, Moment now) {
        accepted.add(new Accepted(shipment, now.nanos() + SECOND_THOUGHTS_NANOS));
    }

    List<Shipment> all() {
        return List.copyOf(byWireId.values());
    }

    void clear() {
        byWireId.clear();
        deadlines.clear();
        late.clear();
        accepted.clear();
    }

    /** Takes out one whose deadline has passed; null if there is none. */
    @Nullable
    Shipment overdue(Moment now) {
        while (!accepted.isEmpty() && now.isAtOrAfter(accepted.element().untilNanos())) {
            Shipment settled = accepted.remove().shipment();
            boolean isNewer =
                    accepted.stream().anyMatch(other -> other.shipment().equals(settled));
            if (!settled.isReopened() && !isNewer) {
                forget(settled);
            }
        }
        while (!late.isEmpty() && now.isAtOrAfter(late.element().deadlineNanos() + LATE_NANOS)) {
            Shipment forgotten = late.remove();
            byWireId.remove(forgotten.wireId(), forgotten);
        }
        Shipment next = deadlines.peek();
        if (next == null || !now.isAtOrAfter(next.deadlineNanos())) {
            return null;
        }
        deadlines.remove();
        if (next.mayBeAckedLate()) {
            late.add(next);
        } else {
            byWireId.remove(next.wireId(), next);
        }
        return next;
    }

    long dueNanos(long otherwise) {
        long due = late.isEmpty()
                ? otherwise
                : Due.earlier(otherwise, late.element().deadlineNanos() + LATE_NANOS);
        return deadlines.isEmpty() ? due : Due.earlier(due, deadlines.element().deadlineNanos());
    }
}
