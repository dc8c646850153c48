package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Overflow;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The unread packets of one subscription, bounded, with every loss at its place; and how far its holder has come.
 *
 * <p><b>Threading:</b> the loop puts, the holder's threads take, under this object's monitor. It is a leaf: nothing is called while it is
 * held.
 */
final class InboxQueue {
    private static final int MOST_AT_ONCE = 64;

    private final int capacity;
    private final Overflow overflow;
    private final Slots slots;
    private final Hand hand = new Hand();
    private long link;
    private long looked; // How far the stream was looked at for this inbox.
    private long taken; // The place of what was taken out last.
    private long beforeHand;
    private boolean hasBegun;
    private long given; // Packets, but for those in the hand.
    private long unwanted; // Of those: what a condition of the holder's refused.
    private long dropped;

    InboxQueue(int capacity, Overflow overflow) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.slots = new Slots(capacity, overflow == Overflow.LATEST_PER_SENDER);
    }

    /** Where the stream begins, unless something has come already. */
    synchronized void begin(Cursor here) {
        link = here.link();
        if (!hasBegun) {
            looked = Math.max(looked, here.position());
            taken = looked;
        }
    }

    // ---- putting

    /**
     * Puts packets.
     *
     * @param count how many of the array
     * @param end how far the stream has been looked at, packets included that are not for this inbox
     * @return false if one has no room and the policy is to fail the lease
     */
    synchronized boolean offer(@Nullable InboundPacket[] packets, int count, long end) {
        int first = hasBegun ? 0 : firstBehind(looked, packets, count);
        if (first < count && packets[first] != null && !hasBegun) {
            taken = packets[first].cursor().position() - 1;
        }
        int room = room();
        if (first == 0 && overflow != Overflow.LATEST_PER_SENDER && count <= room) {
            slots.append(packets, count);
        } else {
            for (int i = first; i < count; i++) {
                InboundPacket packet = packets[i];
                room += packet == null ? 0 : put(packet, room);
                if (room < 0) {
                    return false; // The stream ends at what was refused.
                }
            }
        }
        looked(end);
        return true;
    }

    /** Who attaches in the middle of a read begins there: the link may hold packets from before, to be handed out at its end. */
    private static int firstBehind(long place, @Nullable InboundPacket[] packets, int count) {
        int first = 0;
        while (first < count
                && packets[first] != null
                && packets[first].cursor().position() <= place) {
            first++;
        }
        return first;
    }

    /** Puts one; returns by how much there is more room than before, or -1 if there was none and it is not to be. */
    private int put(InboundPacket packet, int room) {
        int freed = overflow == Overflow.LATEST_PER_SENDER ? slots.dropFormer(packet) : 0;
        dropped += freed;
        if (room + freed == 0) {
            dropped++;
            if (overflow == Overflow.FAIL_LEASE) {
                return -1;
            }
            if (overflow == Overflow.DROP_NEWEST) {
                slots.lost();
                return 0;
            }
            slots.dropOldest();
            freed = 1;
        }
        slots.append(packet);
        return freed - 1;
    }

    /** What was taken out and waits for its turn takes room too. */
    private int room() {
        int waiting = Math.max(0, hand.count() - hand.started() - 1);
        return Math.max(0, capacity - slots.size() - waiting);
    }

    synchronized void linkWentDown(Cursor at) {
        looked(at.position());
        slots.linkWentDown();
    }

    /** Notes how far the stream was looked at without anything to be kept. */
    synchronized void looked(long end) {
        hasBegun = true;
        looked = Math.max(looked, end);
    }

    /** Counts all that is unread as lost. */
    synchronized void loseAll() {
        dropped += slots.size();
        slots.dropAll();
    }

    // ---- taking

    /** Takes out what is next and gives it to the holder at once. */
    synchronized @Nullable Arrival poll() {
        Arrival next = next();
        if (next != null) {
            gave(next);
        }
        return next;
    }

    /** Notes what was given to the holder at once, without having been in here. */
    synchronized void gave(Arrival arrival) {
        given += arrival instanceof InboundPacket ? 1 : 0;
        passed(arrival);
    }

    /** A condition of the holder's has refused what was given. */
    synchronized void unwanted() {
        unwanted++;
    }

    /** A condition of the holder's refuses what is next in the hand. */
    synchronized void passOver() {
        unwanted += hand.start() ? 1 : 0;
    }

    /** Takes the next arrivals into the empty hand, at most so many. */
    synchronized void take(long most) {
        if (!emptyHand()) {
            return;
        }
        // Where the latest counts nothing is taken that may not be the latest when its turn comes.
        long atOnce = overflow == Overflow.LATEST_PER_SENDER ? 1 : Math.max(1, Math.min(MOST_AT_ONCE, capacity / 4));
        int left = (int) Math.min(most, atOnce);
        while (left > 0 && !isEmpty()) {
            int before = hand.count();
            if (slots.hasLoss()) {
                hand.add(gap());
            } else {
                hand.add(slots, left);
                taken = hand.get(hand.count() - 1).cursor().position();
            }
            left -= hand.count() - before;
        }
    }

    /** Takes into the empty hand what was never in here. */
    synchronized void take(Arrival arrival) {
        if (emptyHand()) {
            hand.add(arrival);
            passed(arrival);
        }
    }

    private boolean emptyHand() {
        long packets = hand.packets(hand.count());
        boolean isOpen = hand.clear();
        if (isOpen) {
            given += packets;
            beforeHand = taken;
        }
        return isOpen;
    }

    private void passed(Arrival arrival) {
        taken = Math.max(taken, arrival.cursor().position());
        looked = Math.max(looked, taken);
    }

    private @Nullable Arrival next() {
        if (slots.hasLoss()) {
            return gap();
        }
        InboundPacket packet = slots.oldest();
        if (packet != null) {
            slots.removeOldest();
            taken = packet.cursor().position();
        }
        return packet;
    }

    /** What is missing before the oldest packet, or the end. */
    private Gap gap() {
        InboundPacket before = slots.oldest();
        long place = before == null ? looked : before.cursor().position() - 1;
        if (slots.takesLinkLoss()) {
            if (!slots.hasLoss()) {
                taken = place; // Else what is missing besides is still to be told, and may be behind it.
            }
            return new Gap(Gap.Reason.LINK_DOWN, OptionalLong.empty(), new Cursor(link, taken));
        }
        taken = place;
        return new Gap(Gap.Reason.INBOX_FULL, OptionalLong.of(slots.takeLost()), new Cursor(link, place));
    }

    /** What was taken out last, to be {@linkplain Hand#start started} one by one by the one thread that takes. */
    Hand hand() {
        return hand;
    }

    // ---- looking

    /** Behind what the holder was given and what is not for it; before whatever it has still to be given. */
    synchronized Cursor cursor() {
        int started = hand.started();
        if (started < hand.count()) {
            long place =
                    started == 0 ? beforeHand : hand.get(started - 1).cursor().position();
            return new Cursor(link, place);
        }
        return new Cursor(link, isEmpty() ? Math.max(looked, taken) : taken);
    }

    int capacity() {
        return capacity;
    }

    /** Whether there is nothing to take out. */
    synchronized boolean isEmpty() {
        return slots.size() == 0 && !slots.hasLoss();
    }

    /** How many packets are unread. */
    synchronized int size() {
        return slots.size() + hand.packets(hand.count()) - hand.packets(hand.started());
    }

    /** How many packets the holder was given, those aside that it did not want. */
    synchronized long delivered() {
        return given + hand.packets(hand.started()) - unwanted;
    }

    synchronized long dropped() {
        return dropped;
    }

    /** When the oldest packet came in that is unread. */
    synchronized @Nullable Instant oldest() {
        for (int i = hand.started(); i < hand.count(); i++) {
            if (hand.get(i) instanceof InboundPacket packet) {
                return packet.reception().at();
            }
        }
        InboundPacket packet = slots.oldest();
        return packet == null ? null : packet.reception().at();
    }
}
