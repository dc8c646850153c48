package dev.meshlease.internal.lease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.InboundPacket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Packets in order, with what is missing before each. What is dropped leaves its slot empty and one more missing; when it is the oldest its
 * slot is given up, and what is missing moves to the one behind it, or to the end. So a gap costs no room, adjacent gaps merge, and the sum
 * of all counts is exact.
 *
 * <p><b>Threading:</b> under the monitor of its {@link InboxQueue}.
 */
final class Slots {
    private static final @Nullable InboundPacket[] NONE = {};
    private static final int FEWEST = 8;
    // What is missing before a packet: how many, shifted by one, and whether the link went down there.
    private static final long LINK_LOSS = 1;
    private static final long ONE = 2;

    // A ring: that of number n is at n modulo the length, a power of two; and at its end, what is missing behind all of
    // them.
    private @Nullable InboundPacket[] packets = NONE;
    private long @Nullable [] missing; // Null as long as nothing ever was.
    private long oldest;
    private long end;
    private long missingAtEnd;
    private int size;
    private final @Nullable Map<Integer, Long> latest; // The number of each sender's, where only one of each is kept.
    private final int most;

    Slots(int most, boolean isOfEachTheLatest) {
        this.most = most;
        this.latest = isOfEachTheLatest ? new HashMap<>() : null;
    }

    int size() {
        return size;
    }

    @Nullable
    InboundPacket oldest() {
        return size == 0 ? null : packets[index(oldest)];
    }

    // ---- losses

    /** Whether something is missing before the oldest. */
    boolean hasLoss() {
        return lossBeforeOldest() != 0;
    }

    /** Takes note away that the link went down before the oldest; tells whether it did. */
    boolean takesLinkLoss() {
        long loss = lossBeforeOldest();
        setLossBeforeOldest(loss & ~LINK_LOSS);
        return (loss & LINK_LOSS) != 0;
    }

    /** Takes away how many are missing before the oldest. */
    long takeLost() {
        long loss = lossBeforeOldest();
        setLossBeforeOldest(loss & LINK_LOSS);
        return loss / ONE;
    }

    /** One is missing behind all. */
    void lost() {
        missingAtEnd += ONE;
    }

    /** The link went down behind all. */
    void linkWentDown() {
        missingAtEnd |= LINK_LOSS;
    }

    private long lossBeforeOldest() {
        return oldest == end ? missingAtEnd : missing == null ? 0 : missing[index(oldest)];
    }

    private void setLossBeforeOldest(long loss) {
        if (oldest == end) {
            missingAtEnd = loss;
        } else if (missing != null) {
            missing[index(oldest)] = loss;
        }
    }

    private static long merge(long one, long other) {
        return ((one & ~LINK_LOSS) + (other & ~LINK_LOSS)) | ((one | other) & LINK_LOSS);
    }

    // ---- putting

    void append(InboundPacket packet) {
        makeRoom(1);
        closeUp();
        packets[index(end)] = packet;
        if (latest != null) {
            latest.put(packet.wire().from(), end);
        }
        end++;
        size++;
    }

    /** Many at once. */
    void append(@Nullable InboundPacket[] more, int count) {
        if (count == 0) {
            return;
        }
        makeRoom(count);
        closeUp();
        int at = index(end);
        int before = Math.min(count, packets.length - at);
        System.arraycopy(more, 0, packets, at, before);
        System.arraycopy(more, before, packets, 0, count - before);
        end += count;
        size += count;
    }

    /** What was missing at the end is missing before the one that is put there. */
    private void closeUp() {
        if (missingAtEnd != 0) {
            noted()[index(end)] = missingAtEnd;
            missingAtEnd = 0;
        }
    }

    private long[] noted() {
        long[] noted = missing;
        if (noted == null) {
            noted = new long[packets.length];
            missing = noted;
        }
        return noted;
    }

    private void makeRoom(int count) {
        long needed = end - oldest + count;
        if (needed <= packets.length) {
            return;
        }
        if (needed > 2L * most) {
            pack(); // At least half of them are empty.
        } else {
            grow((int) needed);
        }
    }

    private void grow(int needed) {
        int length = Math.max(FEWEST, Integer.highestOneBit(needed - 1) << 1);
        @Nullable InboundPacket[] formerPackets = packets;
        long[] formerMissing = missing;
        packets = new @Nullable InboundPacket[length];
        missing = formerMissing == null ? null : new long[length];
        for (long number = oldest; number < end; number++) {
            int from = (int) (number & (formerPackets.length - 1));
            packets[index(number)] = formerPackets[from];
            if (formerMissing != null && missing != null) {
                missing[index(number)] = formerMissing[from];
            }
        }
    }

    /** Closes the empty slots between. */
    private void pack() {
        long to = oldest;
        long loss = 0;
        for (long from = oldest; from < end; from++) {
            InboundPacket packet = packets[index(from)];
            loss = missing == null ? 0 : merge(loss, missing[index(from)]);
            vacate(from);
            if (packet != null) {
                packets[index(to)] = packet;
                if (loss != 0) {
                    noted()[index(to)] = loss;
                    loss = 0;
                }
                if (latest != null) {
                    latest.put(packet.wire().from(), to);
                }
                to++;
            }
        }
        end = to;
        missingAtEnd = merge(loss, missingAtEnd);
    }

    // ---- taking

    /** Moves the oldest to an array, up to the next loss, at most so many; returns how many. */
    int take(@Nullable Arrival[] into, int offset, int most) {
        if (latest != null) {
            into[offset] = oldest();
            removeOldest();
            return 1;
        }
        int count = withoutLoss(Math.min(most, size));
        int at = index(oldest);
        int before = Math.min(count, packets.length - at);
        System.arraycopy(packets, at, into, offset, before);
        System.arraycopy(packets, 0, into, offset + before, count - before);
        Arrays.fill(packets, at, at + before, null);
        Arrays.fill(packets, 0, count - before, null);
        oldest += count;
        size -= count;
        return count;
    }

    /** How many of so many can be taken before something is missing. */
    private int withoutLoss(int most) {
        int count = missing == null ? most : 1;
        while (count < most && missing != null && missing[index(oldest + count)] == 0) {
            count++;
        }
        return count;
    }

    void removeOldest() {
        InboundPacket packet = packets[index(oldest)];
        if (latest != null && packet != null) {
            latest.remove(packet.wire().from());
        }
        vacate(oldest);
        oldest++;
        size--;
        skipEmpty();
    }

    void dropOldest() {
        drop(oldest);
    }

    /** Drops what there is of the same sender; returns how many. */
    int dropFormer(InboundPacket packet) {
        Long former = latest == null ? null : latest.get(packet.wire().from());
        if (former == null) {
            return 0;
        }
        drop(former);
        return 1;
    }

    void dropAll() {
        while (size > 0) {
            dropOldest();
        }
    }

    private void drop(long number) {
        int at = index(number);
        InboundPacket packet = packets[at];
        if (latest != null && packet != null) {
            latest.remove(packet.wire().from());
        }
        packets[at] = null;
        noted()[at] += ONE;
        size--;
        skipEmpty();
    }

    private void skipEmpty() {
        while (oldest < end && packets[index(oldest)] == null) {
            long loss = lossBeforeOldest();
            vacate(oldest);
            oldest++;
            if (loss != 0) {
                if (oldest == end) {
                    missingAtEnd = merge(loss, missingAtEnd);
                } else {
                    noted()[index(oldest)] = merge(loss, lossBeforeOldest());
                }
            }
        }
    }

    private void vacate(long number) {
        packets[index(number)] = null;
        if (missing != null) {
            missing[index(number)] = 0;
        }
    }

    private int index(long number) {
        return (int) (number & (packets.length - 1));
    }
}
