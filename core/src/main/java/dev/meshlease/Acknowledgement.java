package dev.meshlease;

import dev.meshlease.message.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A message got through.
 *
 * @param by who acknowledged: the destination, or the own node where it heard somebody repeat the message
 * @param isImplicit whether it was only heard being repeated
 * @param at when the acknowledgement was read
 * @param roundTrip from writing the message to reading the acknowledgement
 */
public record Acknowledgement(NodeId by, boolean isImplicit, Instant at, Duration roundTrip) {
    public Acknowledgement {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(roundTrip, "roundTrip");
    }
}
