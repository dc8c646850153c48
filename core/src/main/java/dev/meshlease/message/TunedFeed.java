package dev.meshlease.message;

import java.util.Objects;

/** A feed with settings of its own. Made by {@link Feed#capacity}. */
public final class TunedFeed implements Feed {
    private static final int MAX_CAPACITY = 1_000_000;

    private final PacketFilter filter;
    private final int capacity;
    private final Overflow overflow;

    TunedFeed(PacketFilter filter, int capacity, Overflow overflow) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("An inbox holds 1 to " + MAX_CAPACITY + " packets, not " + capacity);
        }
        this.filter = filter;
        this.capacity = capacity;
        this.overflow = Objects.requireNonNull(overflow, "policy");
    }

    @Override
    public TunedFeed capacity(int packets, Overflow policy) {
        return new TunedFeed(filter, packets, policy);
    }

    @Override
    public PacketFilter filter() {
        return filter;
    }

    /** How many unread packets are kept. */
    public int capacity() {
        return capacity;
    }

    /** What happens beyond. */
    public Overflow overflow() {
        return overflow;
    }
}
