package dev.meshlease.message;

/** What happens to a packet for an inbox that is full. Every loss is counted exactly and shows as a {@link Gap} in the stream. */
public enum Overflow {
    /** The oldest unread packet goes. */
    DROP_OLDEST,
    /** The new packet goes. */
    DROP_NEWEST,
    /** Of each sender only the latest unread packet is kept, full or not; if there are more senders than places, the oldest goes. */
    LATEST_PER_SENDER,
    /** The lease is closed: for a holder that can do nothing sensible after a loss. */
    FAIL_LEASE
}
