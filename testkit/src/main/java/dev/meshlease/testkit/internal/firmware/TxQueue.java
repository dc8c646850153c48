package dev.meshlease.testkit.internal.firmware;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits for transmission: the most urgent first, and first come, first served among equals. When it is full, a packet gets in only in
 * place of a less urgent one, which is lost without a word.
 */
final class TxQueue {
    private final int capacity;
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(Transmission transmission, long dueNanos, boolean isOwn) {
        boolean isDue(long nowNanos) {
            return dueNanos - nowNanos <= 0;
        }

        int urgency() {
            return transmission.packet().getPriorityValue();
        }
    }

    TxQueue(int capacity) {
        this.capacity = capacity;
    }

    int free() {
        return capacity - waiting.size();
    }

    /**
     * Returns whether it got in.
     *
     * @param isOwn whether it is the node's own; of those the first goes when any of them is due
     */
    boolean offer(Transmission transmission, long dueNanos, boolean isOwn) {
        Waiting newcomer = new Waiting(transmission, dueNanos, isOwn);
        if (free() == 0) {
            Waiting last = waiting.get(waiting.size() - 1);
            if (last.urgency() >= newcomer.urgency()) {
                return false;
            }
            waiting.remove(last);
        }
        int place = waiting.size();
        while (place > 0 && waiting.get(place - 1).urgency() < newcomer.urgency()) {
            place--;
        }
        waiting.add(place, newcomer);
        return true;
    }

    boolean holds(int from, int id) {
        return waiting.stream().anyMatch(each -> each.transmission().is(from, id));
    }

    /** When the first of them may go. */
    OptionalLong earliestDue(long nowNanos) {
        return waiting.stream()
                .min(Comparator.comparingLong(each -> each.dueNanos() - nowNanos))
                .map(Waiting::dueNanos)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    /** Takes the most urgent of those that may go. */
    @Nullable
    Transmission takeDue(long nowNanos) {
        boolean mayOwn = waiting.stream().anyMatch(each -> each.isOwn() && each.isDue(nowNanos));
        for (int i = 0; i < waiting.size(); i++) {
            Waiting next = waiting.get(i);
            if (next.isDue(nowNanos) || (mayOwn && next.isOwn())) {
                return waiting.remove(i).transmission();
            }
        }
        return null;
    }
}
