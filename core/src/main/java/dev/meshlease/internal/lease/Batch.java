package dev.meshlease.internal.lease;

import dev.meshlease.message.InboundPacket;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one turn of the loop. They are handed out together, so that each subscription is locked and woken once for all of them
 * however fast they come. Loop only.
 */
public final class Batch {
    /** For what no lease has sent. */
    public static final long NODE = 0;

    private static final int MOST = 256;

    private final @Nullable InboundPacket[] packets = new @Nullable InboundPacket[MOST];
    private final @Nullable InboundPacket[] matching = new @Nullable InboundPacket[MOST];
    private final long[] senders = new long[MOST];
    private int size;
    private boolean hasSiblings;

    /** Adds one; tells whether there is room for more. */
    public boolean add(InboundPacket packet, long sender) {
        packets[size] = packet;
        senders[size] = sender;
        hasSiblings |= sender != NODE;
        size++;
        return size < MOST;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public void clear() {
        Arrays.fill(packets, 0, size, null);
        Arrays.fill(matching, 0, size, null);
        size = 0;
        hasSiblings = false;
    }

    int size() {
        return size;
    }

    /** All of them; not to be written to. */
    @Nullable
    InboundPacket[] packets() {
        return packets;
    }

    /** Whether leases have sent some of them. */
    boolean hasSiblings() {
        return hasSiblings;
    }

    /** The position of the first packet. */
    long begin() {
        return packet(0).cursor().position();
    }

    InboundPacket packet(int index) {
        return Objects.requireNonNull(packets[index]);
    }

    /** The number of the lease that sent it, or {@link #NODE}. */
    long sender(int index) {
        return senders[index];
    }

    /** The position of the last packet. */
    long end() {
        return packet(size - 1).cursor().position();
    }

    /** Room to note those that one subscription wants. */
    @Nullable
    InboundPacket[] matching() {
        return matching;
    }
}
