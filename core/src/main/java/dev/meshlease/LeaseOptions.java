package dev.meshlease;

import dev.meshlease.message.Overflow;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Who wants a lease, and how. Few independent settings: each call gives a changed copy.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class LeaseOptions {
    private static final int MAX_INBOX = 1_000_000;

    private final String holder;
    private final @Nullable Executor callbacks;
    private final int inboxPackets;
    private final Overflow overflow;
    private final WhileDown whileDown;

    private LeaseOptions(
            String holder, @Nullable Executor callbacks, int inboxPackets, Overflow overflow, WhileDown whileDown) {
        this.holder = holder;
        this.callbacks = callbacks;
        this.inboxPackets = inboxPackets;
        this.overflow = overflow;
        this.whileDown = whileDown;
    }

    /**
     * The defaults, for this holder.
     *
     * @param holder the component that has the lease, for people: logs, errors and {@code describe()} show it. Need not be unique
     * @throws IllegalArgumentException if it is blank
     */
    public static LeaseOptions of(String holder) {
        if (holder.isBlank()) {
            throw new IllegalArgumentException(
                    "A lease needs the name of its holder, such as \"echo\": it is what others see when they look for it");
        }
        return new LeaseOptions(holder, null, 256, Overflow.DROP_OLDEST, WhileDown.QUEUE);
    }

    /** Runs this lease's callbacks on this executor instead of the registry's. It stays the caller's, who shuts it down. */
    public LeaseOptions callbacks(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        return new LeaseOptions(holder, executor, inboxPackets, overflow, whileDown);
    }

    /**
     * What the lease's feeds inherit: room for unread packets, and what happens beyond. Default 256, DROP_OLDEST.
     *
     * @param packets 1 to 1,000,000
     */
    public LeaseOptions inbox(int packets, Overflow policy) {
        if (packets < 1 || packets > MAX_INBOX) {
            throw new IllegalArgumentException("An inbox holds 1 to " + MAX_INBOX + " packets, not " + packets);
        }
        Objects.requireNonNull(policy, "policy");
        return new LeaseOptions(holder, callbacks, packets, policy, whileDown);
    }

    /** What happens to messages sent while the link is not READY. Default QUEUE. */
    public LeaseOptions whileDown(WhileDown policy) {
        Objects.requireNonNull(policy, "policy");
        return new LeaseOptions(holder, callbacks, inboxPackets, overflow, policy);
    }

    /** The component that has the lease. */
    public String holder() {
        return holder;
    }

    /** Its own executor, if it has one. */
    public Optional<Executor> callbacks() {
        return Optional.ofNullable(callbacks);
    }

    /** Room for unread packets. */
    public int inboxPackets() {
        return inboxPackets;
    }

    /** What happens beyond. */
    public Overflow overflow() {
        return overflow;
    }

    /** What happens to messages sent while the link is not READY. */
    public WhileDown whileDown() {
        return whileDown;
    }
}
