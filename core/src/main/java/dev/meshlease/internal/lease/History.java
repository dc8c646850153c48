package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The last packets of a link, bounded by number and by bytes, over all its generations.
 *
 * <p><b>Threading:</b> the loop appends, holders read, under this object's monitor. It is a leaf: nothing but the library's own part of a
 * filter is called while it is held, and for {@value #MOST_AT_ONCE} packets at the most.
 */
public final class History {
    private static final int MOST_AT_ONCE = 256;
    private static final int MOST_LOSSES = 256;
    private static final int FEWEST = 16;

    private final long link;
    private final int mostPackets;
    private final long mostBytes;

    // Positions are consecutive: that of a packet says where it is in the ring, whose length is a power of two.
    private @Nullable InboundPacket[] packets;
    private long[] senders;
    private int[] sizes; // In bytes: to forget a packet it need not be looked at.
    private long end; // The position of the last packet.
    private int count;
    private long bytes;
    private final Deque<Long> losses = new ArrayDeque<>(); // The positions behind which the link went down.

    public History(long link, int mostPackets, long mostBytes) {
        this.link = link;
        this.mostPackets = mostPackets;
        this.mostBytes = mostBytes;
        this.packets = new @Nullable InboundPacket[FEWEST];
        this.senders = new long[FEWEST];
        this.sizes = new int[FEWEST];
    }

    /** On the loop. */
    public synchronized void append(InboundPacket packet, long sender) {
        end = packet.cursor().position();
        int size = packet.wire().size();
        if (mostPackets == 0 || size > mostBytes) {
            forgetAll();
            return;
        }
        while (count == mostPackets || bytes + size > mostBytes) {
            forgetOldest();
        }
        if (count == packets.length) {
            grow();
        }
        int at = index(end);
        packets[at] = packet;
        senders[at] = sender;
        sizes[at] = size;
        count++;
        bytes += size;
    }

    /** On the loop: the link went down here. */
    public synchronized void wentDown() {
        if (!losses.isEmpty() && losses.getLast() == end) {
            return; // Once more, with nothing in between.
        }
        losses.add(end);
        if (losses.size() > MOST_LOSSES) {
            losses.remove();
        }
    }

    /** The place behind the last packet. */
    public synchronized Cursor here() {
        return new Cursor(link, end);
    }

    /**
     * For a person.
     *
     * @param age how to say for how long something has been there
     */
    public synchronized String describe(Function<Instant, String> age) {
        return count + " of " + mostPackets + " packets, " + bytes + " of " + mostBytes + " bytes"
                + (count == 0
                        ? ""
                        : ", the oldest for " + age.apply(oldest().reception().at()));
    }

    /**
     * What a holder that is at some place has to be told next; null if it is no longer behind, and from then on it is {@linkplain
     * Replay#isOver live}.
     */
    @Nullable
    Arrival next(Replay replay) {
        for (; ; ) {
            synchronized (this) {
                if (replay.isOver()) {
                    return null; // Several threads may read one inbox.
                }
                Arrival gap = gap(replay);
                if (gap != null) {
                    return gap;
                }
                for (int looked = 0; looked < MOST_AT_ONCE; looked++) {
                    if (looked > 0 && isLoss(replay.position)) {
                        break; // To tell it, also if there is nothing behind it yet.
                    }
                    if (replay.position == end) {
                        replay.catchesUp();
                        return null;
                    }
                    replay.position++;
                    int at = index(replay.position);
                    InboundPacket packet = Objects.requireNonNull(packets[at]);
                    if (replay.wants(packet, senders[at])) {
                        return packet;
                    }
                }
            }
        }
    }

    private @Nullable Arrival gap(Replay replay) {
        long before = end - count; // The last position that is forgotten.
        long from = replay.position;
        if (from < before) {
            replay.position = before;
            replay.owesLoss |=
                    losses.stream().anyMatch(loss -> loss >= from && loss < before && loss != replay.lossTold);
            return new Gap(Gap.Reason.HISTORY_EXPIRED, OptionalLong.of(before - from), new Cursor(link, before));
        }
        if (replay.owesLoss || (isLoss(from) && replay.lossTold != from)) {
            replay.owesLoss = false;
            replay.lossTold = from;
            return new Gap(Gap.Reason.LINK_DOWN, OptionalLong.empty(), new Cursor(link, from));
        }
        return null;
    }

    /**
     * Whether the place is one of this link's.
     *
     * @throws IllegalArgumentException if not
     */
    synchronized void requireKnown(Cursor place) {
        if (place.link() != link) {
            throw new IllegalArgumentException(
                    "The cursor " + place + " is a place in the stream of another link, or of one to the same"
                            + " node that has ended since; this one is at " + new Cursor(link, end));
        }
        if (place.position() < 0 || place.position() > end) {
            throw new IllegalArgumentException(
                    "The cursor " + place + " is no place of this link yet, which is at " + new Cursor(link, end));
        }
    }

    private boolean isLoss(long position) {
        return !losses.isEmpty()
                && position >= losses.getFirst()
                && position <= losses.getLast()
                && losses.contains(position);
    }

    private InboundPacket oldest() {
        return Objects.requireNonNull(packets[index(end - count + 1)]);
    }

    private int index(long position) {
        return (int) (position & (packets.length - 1));
    }

    private void forgetOldest() {
        int at = index(end - count); // One packet is about to be appended: `end` is already its position.
        bytes -= sizes[at];
        packets[at] = null;
        count--;
    }

    private void forgetAll() {
        Arrays.fill(packets, null);
        count = 0;
        bytes = 0;
    }

    private void grow() {
        @Nullable InboundPacket[] formerPackets = packets;
        long[] formerSenders = senders;
        int[] formerSizes = sizes;
        packets = new @Nullable InboundPacket[2 * formerPackets.length];
        senders = new long[packets.length];
        sizes = new int[packets.length];
        for (long position = end - count; position < end; position++) {
            int from = (int) (position & (formerPackets.length - 1));
            packets[index(position)] = formerPackets[from];
            senders[index(position)] = formerSenders[from];
            sizes[index(position)] = formerSizes[from];
        }
    }
}
