package dev.meshlease.internal.link;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Packets that a queueStatus has refused by a number which may mean two things. For a moment a routing packet may still say which. */
final class Doubts {
    static final long EXPLANATION_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /**
     * @param res what the queueStatus said
     */
    record Doubt(Shipment about, int res, long dueNanos) {}

    private final List<Doubt> open = new ArrayList<>();

    void add(Shipment about, int res, Moment now) {
        open.add(new Doubt(about, res, now.nanos() + EXPLANATION_NANOS));
    }

    boolean isAbout(Shipment shipment) {
        return open.stream().anyMatch(doubt -> doubt.about().equals(shipment));
    }

    boolean isAboutOneOf(long lease) {
        return open.stream().anyMatch(doubt -> doubt.about().lease() == lease);
    }

    /** It has been explained, or is of no interest any more. */
    void remove(Shipment shipment) {
        open.removeIf(doubt -> doubt.about().equals(shipment));
    }

    /** Takes out those that nobody has explained in time. */
    List<Doubt> takeOverdue(Moment now) {
        List<Doubt> overdue =
                open.stream().filter(doubt -> now.isAtOrAfter(doubt.dueNanos())).toList();
        open.removeAll(overdue);
        return overdue;
    }

    /** Takes out all: nobody will explain them any more. */
    List<Doubt> takeAll() {
        List<Doubt> all = List.copyOf(open);
        open.clear();
        return all;
    }

    long dueNanos(long otherwise) {
        return open.stream().map(Doubt::dueNanos).reduce(otherwise, Due::earlier);
    }
}
