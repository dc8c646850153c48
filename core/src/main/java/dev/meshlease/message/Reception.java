package dev.meshlease.message;

import java.time.Instant;
import java.util.Objects;

/**
 * How a packet came in.
 *
 * @param cursor its place in the link's stream
 * @param generation the physical connection it came over, counted from 1
 * @param at when this library read it; the node's own time is in {@code rx_time}
 * @param isRepeat whether a packet with the same sender and id has come over this link before, among the last thousands: firmware 2.8 says
 *     again what it knows of other nodes after each reconnect
 * @param isFromSibling whether it did not come from the node, but is what another lease of the link sent, see {@link Feed#withSiblings}
 */
public record Reception(Cursor cursor, long generation, Instant at, boolean isRepeat, boolean isFromSibling) {
    /** From the node, for the first time. */
    public Reception(Cursor cursor, long generation, Instant at) {
        this(cursor, generation, at, false, false);
    }

    public Reception {
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(at, "at");
    }
}
