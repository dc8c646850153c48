package dev.meshlease.message;

import java.time.Instant;
import java.util.Objects;

/**
 * How a packet came in.
 *
 * @param cursor its place in the link's stream
 * @param generation the physical connection it came over, counted from 1
 * @param at when this library read it; the node's own time is in {@code rx_time}
 */
public record Reception(Cursor cursor, long generation, Instant at) {
    public Reception {
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(at, "at");
    }
}
