package dev.meshlease.message;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A feed with settings of its own. Made by the methods of {@link Feed}. */
public final class TunedFeed implements Feed {
    private static final int MAX_CAPACITY = 1_000_000;
    private static final int INHERITED = 0;

    private final PacketFilter filter;
    private final int capacity;
    private final @Nullable Overflow overflow;
    private final @Nullable Cursor position;
    private final boolean siblings;
    private final @Nullable Executor executor;
    private final boolean inline;

    private TunedFeed(
            PacketFilter filter,
            int capacity,
            @Nullable Overflow overflow,
            @Nullable Cursor position,
            boolean siblings,
            @Nullable Executor executor,
            boolean inline) {
        if (executor != null && inline) {
            throw new IllegalArgumentException(
                    "A feed's listener runs on(executor), or inline() on the library's own thread: choose one");
        }
        this.filter = filter;
        this.capacity = capacity;
        this.overflow = overflow;
        this.position = position;
        this.siblings = siblings;
        this.executor = executor;
        this.inline = inline;
    }

    /** The same feed, as one that has settings. */
    public static TunedFeed of(Feed feed) {
        return feed instanceof TunedFeed tuned
                ? tuned
                : new TunedFeed(feed.filter(), INHERITED, null, null, false, null, false);
    }

    @Override
    public TunedFeed capacity(int packets, Overflow policy) {
        if (packets < 1 || packets > MAX_CAPACITY) {
            throw new IllegalArgumentException("An inbox holds 1 to " + MAX_CAPACITY + " packets, not " + packets);
        }
        Objects.requireNonNull(policy, "policy");
        return new TunedFeed(filter, packets, policy, position, siblings, executor, inline);
    }

    @Override
    public TunedFeed after(Cursor place) {
        Objects.requireNonNull(place, "position");
        return new TunedFeed(filter, capacity, overflow, place, siblings, executor, inline);
    }

    @Override
    public TunedFeed withSiblings() {
        return new TunedFeed(filter, capacity, overflow, position, true, executor, inline);
    }

    @Override
    public TunedFeed on(Executor callbacks) {
        Objects.requireNonNull(callbacks, "executor");
        return new TunedFeed(filter, capacity, overflow, position, siblings, callbacks, inline);
    }

    @Override
    public TunedFeed inline() {
        return new TunedFeed(filter, capacity, overflow, position, siblings, executor, true);
    }

    @Override
    public PacketFilter filter() {
        return filter;
    }

    /** How many unread packets are kept; the lease's setting if empty. */
    public OptionalInt capacity() {
        return capacity == INHERITED ? OptionalInt.empty() : OptionalInt.of(capacity);
    }

    /** What happens beyond; the lease's setting if empty. */
    public Optional<Overflow> overflow() {
        return Optional.ofNullable(overflow);
    }

    /** Behind which place it goes on; from now on if empty. */
    public Optional<Cursor> position() {
        return Optional.ofNullable(position);
    }

    /** Whether it shows what other leases send. */
    public boolean showsSiblings() {
        return siblings;
    }

    /** Where its listener runs; on the lease's callbacks if empty, unless it is inline. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    /** Whether its listener runs on the library's own thread. */
    public boolean isInline() {
        return inline;
    }
}
