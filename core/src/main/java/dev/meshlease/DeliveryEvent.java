package dev.meshlease;

import java.util.Objects;

/**
 * Something that became of a message: see {@link Watch#deliveries()}.
 *
 * @param delivery whose it is
 * @param step what was reached
 * @param isLate whether the delivery had ended before: an ack that came after a failure, or after the deadline. The end stays the end
 */
public record DeliveryEvent(Delivery delivery, DeliveryStep step, boolean isLate) {
    public DeliveryEvent {
        Objects.requireNonNull(delivery, "delivery");
        Objects.requireNonNull(step, "step");
    }

    /** One line for a log. */
    @Override
    public String toString() {
        return "packet " + Integer.toUnsignedString(delivery.packetId()) + (isLate ? " is, late, " : " is ")
                + step.stage() + step.failure().map(why -> " (" + why + ")").orElse("");
    }
}
