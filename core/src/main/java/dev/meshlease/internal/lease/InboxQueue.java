package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Overflow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
    private static final long NOTHING = -1;

    /** A packet, or (packet null) the tail sentinel, with what is missing before it. */
    private static final class Entry {
        @Nullable
        InboundPacket packet;

        long missed;
        boolean linkWasDown;
        Entry previous = this;
        Entry next = this;
    }

    private final int capacity;
    private final Overflow overflow;
    // A ring through the tail sentinel: tail.next is the oldest, tail.previous the newest.
    private final Entry tail = new Entry();
    private @Nullable Entry
            spare; // Entries to be used again, through their `next`: as many as there have been at once.
    private final Map<Integer, Entry> bySender = new HashMap<>();
    private long link;
    private long looked;
    private long given;
    private long held = NOTHING; // The place before what was taken out and whose callback has not started yet.
    private boolean hasBegun;
    private int size;
    private long delivered;
    private long dropped;

    InboxQueue(int capacity, Overflow overflow) {
        this.capacity = capacity;
        this.overflow = overflow;
    }

    /** Where the stream begins, unless something has come already. */
    synchronized void begin(Cursor here) {
        link = here.link();
        if (!hasBegun) {
            looked = Math.max(looked, here.position());
            given = looked;
        }
    }

    /**
     * Puts packets.
     *
     * @param count how many of the array
     * @param end how far the stream has been looked at, packets included that are not for this inbox
     * @return false if one has no room and the policy is to fail the lease
     */
    synchronized boolean offer(@Nullable InboundPacket[] packets, int count, long end) {
        boolean hasRoom = true;
        if (!hasBegun && count > 0) {
            given = Math.max(given, Objects.requireNonNull(packets[0]).cursor().position() - 1);
        }
        for (int i = 0; i < count; i++) {
            hasRoom &= offer(Objects.requireNonNull(packets[i]));
        }
        if (hasRoom) { // Else the stream ends at what was refused.
            looked(end);
        }
        return hasRoom;
    }

    private boolean offer(InboundPacket packet) {
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
        looked(at.position());
        tail.linkWasDown = true;
    }

    synchronized @Nullable Arrival poll() {
        Entry oldest = tail.next;
        InboundPacket packet = oldest.packet;
        if (oldest.linkWasDown || oldest.missed > 0) {
            return gap(oldest, packet == null ? looked : packet.cursor().position() - 1);
        }
        if (packet == null) {
            return null;
        }
        hold();
        unlink(oldest);
        given = packet.cursor().position();
        delivered++;
        return packet;
    }

    private Gap gap(Entry before, long place) {
        hold();
        if (before.linkWasDown && before.missed > 0) {
            before.linkWasDown = false; // What is missing besides is still to be told, and may be behind it.
            return new Gap(Gap.Reason.LINK_DOWN, OptionalLong.empty(), new Cursor(link, given));
        }
        given = place;
        if (before.linkWasDown) {
            before.linkWasDown = false;
            return new Gap(Gap.Reason.LINK_DOWN, OptionalLong.empty(), new Cursor(link, place));
        }
        long missed = before.missed;
        before.missed = 0;
        return new Gap(Gap.Reason.INBOX_FULL, OptionalLong.of(missed), new Cursor(link, place));
    }

    /** Notes what was given to the holder without having been in here. */
    synchronized void passed(Arrival arrival) {
        hold();
        given = Math.max(given, arrival.cursor().position());
        looked = Math.max(looked, given);
        delivered += arrival instanceof InboundPacket ? 1 : 0;
    }

    /** Notes how far the stream was looked at without anything to be kept. */
    synchronized void looked(long end) {
        hasBegun = true;
        looked = Math.max(looked, end);
    }

    /** Behind what the holder was given and what is not for it; before whatever it has still to be given. */
    synchronized Cursor cursor() {
        return new Cursor(link, held == NOTHING ? place() : held);
    }

    private long place() {
        return isEmpty() ? Math.max(looked, given) : given;
    }

    private void hold() {
        if (held == NOTHING) {
            held = place();
        }
    }

    /**
     * What was taken out goes to the holder now, if the gate is open; if it is not, {@link #cursor} stays before it. One step, so that the
     * place at which a subscription was closed is the one at which its callbacks end.
     */
    synchronized boolean starts(Gate gate) {
        boolean isOpen = gate.isOpen();
        if (isOpen) {
            held = NOTHING;
        }
        return isOpen;
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

    /** When the oldest packet came in that is unread. */
    synchronized @Nullable Instant oldest() {
        InboundPacket packet = tail.next.packet;
        return packet == null ? null : packet.reception().at();
    }

    private void append(InboundPacket packet) {
        Entry entry = spare == null ? new Entry() : spare;
        spare = spare == null ? null : spare.next == spare ? null : spare.next;
        entry.packet = packet;
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
        entry.packet = null;
        entry.missed = 0;
        entry.linkWasDown = false;
        entry.next = spare == null ? entry : spare; // The last one leads to itself.
        spare = entry;
    }
}
