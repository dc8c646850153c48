package dev.meshlease;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One step of a delivery.
 *
 * @param stage what was reached
 * @param at when
 * @param generation over which physical connection; 0 before there was one
 * @param failure the reason, of FAILED always, of UNKNOWN where there is one
 */
public record DeliveryStep(DeliveryStage stage, Instant at, long generation, Optional<DeliveryFailure> failure) {
    public DeliveryStep {
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(failure, "failure");
    }
}
