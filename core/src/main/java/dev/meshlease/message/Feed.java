package dev.meshlease.message;

/**
 * What a holder wants to see, and how it is kept until the holder has looked. A bare {@link PacketFilter} is a feed that inherits the
 * rest from its lease.
 *
 * <p><b>Threading:</b> immutable.
 */
public sealed interface Feed permits PacketFilter, TunedFeed {
    /**
     * With room for this many unread packets, and this policy beyond.
     *
     * @param packets 1 to 1,000,000
     */
    Feed capacity(int packets, Overflow policy);

    /** Which packets. */
    PacketFilter filter();
}
