package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Overflow;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The unread packets of one subscription, bounded, with every loss at its place.
 *
 * <p>Each entry carries what went missing before it: when an entry is dropped, its count plus one moves to the entry behind it, or to the
 * tail. So a gap costs no room, adjacent gaps merge, and the sum of all counts is exact.
 *
 * <p><b>Threading:</b> the loop puts, the holder's threads take, under this object's monitor. It is a leaf: nothing is called while it is
 * held.
 */
final class InboxQueue {
    /** A packet, or (packet null) the tail sentinel, with what is missing before it. */
    private static final class Entry {
        final @Nullable InboundPacket packet;
        long missed;
        boolean linkWasDown;
        Entry previous = this;
        Entry next = this;

        Entry(@Nullable InboundPacket packet) {
            this.packet = packet;
        }
    }

    private final int capacity;
    private final Overflow overflow;
    // A ring through the tail sentinel: tail.next is the oldest, tail.previous the newest.
    private final Entry tail = new Entry(null);
    private final Map<Integer, Entry> bySender = new HashMap<>();
    private Cursor last = new Cursor(0, 0);
    private int size;
    private long delivered;
    private long dropped;

    InboxQueue(int capacity, Overflow overflow) {
        this.capacity = capacity;
        this.overflow = overflow;
    }

    /** Puts a packet; false if it has no room and the policy is to fail the lease. */
    synchronized boolean offer(InboundPacket packet) {
        last = packet.cursor();
        if (overflow == Overflow.LATEST_PER_SENDER) {
            Entry former = bySender.get(packet.proto().getFrom());
            if (former != null) {
                drop(former);
            }
        }
        if (size >= capacity) {
            switch (overflow) {
                case DROP_OLDEST, LATEST_PER_SENDER -> drop(tail.next);
                case DROP_NEWEST -> {
                    tail.missed++;
                    dropped++;
                    return true;
                }
                case FAIL_LEASE -> {
                    dropped++;
                    return false;
                }
            }
        }
        append(packet);
        return true;
    }

    synchronized void linkWentDown(Cursor at) {
        last = at;
        tail.linkWasDown = true;
    }

    synchronized @Nullable Arrival poll() {
        Entry oldest = tail.next;
        Cursor place = oldest.packet == null ? last : oldest.packet.cursor();
        if (oldest.linkWasDown) {
            oldest.linkWasDown = false;
            return new Gap(Gap.Reason.LINK_DOWN, OptionalLong.empty(), place);
        }
        if (oldest.missed > 0) {
            long missed = oldest.missed;
            oldest.missed = 0;
            return new Gap(Gap.Reason.INBOX_FULL, OptionalLong.of(missed), place);
        }
        if (oldest.packet == null) {
            return null;
        }
        unlink(oldest);
        delivered++;
        return oldest.packet;
    }

    /** Counts all that is unread as lost. */
    synchronized void loseAll() {
        while (size > 0) {
            drop(tail.next);
        }
    }

    synchronized boolean isEmpty() {
        return size == 0 && tail.missed == 0 && !tail.linkWasDown;
    }

    synchronized int size() {
        return size;
    }

    synchronized long delivered() {
        return delivered;
    }

    synchronized long dropped() {
        return dropped;
    }

    private void append(InboundPacket packet) {
        Entry entry = new Entry(packet);
        entry.missed = tail.missed;
        entry.linkWasDown = tail.linkWasDown;
        tail.missed = 0;
        tail.linkWasDown = false;
        entry.previous = tail.previous;
        entry.next = tail;
        tail.previous.next = entry;
        tail.previous = entry;
        size++;
        if (overflow == Overflow.LATEST_PER_SENDER) {
            bySender.put(packet.proto().getFrom(), entry);
        }
    }

    private void drop(Entry entry) {
        entry.next.missed += entry.missed + 1;
        entry.next.linkWasDown |= entry.linkWasDown;
        dropped++;
        unlink(entry);
    }

    private void unlink(Entry entry) {
        entry.previous.next = entry.next;
        entry.next.previous = entry.previous;
        size--;
        if (entry.packet != null && overflow == Overflow.LATEST_PER_SENDER) {
            bySender.remove(entry.packet.proto().getFrom(), entry);
        }
    }
}
