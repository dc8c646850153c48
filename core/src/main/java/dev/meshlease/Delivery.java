package dev.meshlease;

import java.util.List;

/**
 * What becomes of one sent message.
 *
 * <p>{@link Pending#await} and {@link Pending#future} are for messages that asked for an ack and wait for it; without one they throw
 * {@link IllegalStateException} at once, and {@link #reached reached(ACCEPTED)} is the wait.
 *
 * <p>A delivery ends exactly once. An ack that comes later, up to 5 minutes after the deadline, is added to {@link #steps()}, and {@link
 * Watch#deliveries()} tells of it; the end stays the end.
 */
public interface Delivery extends Pending<Acknowledgement> {
    /** The packet's id, never 0. Unsigned. */
    int packetId();

    /** How far it has come. */
    DeliveryStage stage();

    /** All that happened, oldest first. */
    List<DeliveryStep> steps();

    /**
     * Waits for a stage on the way of success. Completes with that step, or with a later one if the stage was skipped; fails with
     * {@link DeliveryException} once it cannot be reached any more.
     *
     * @param stage any but FAILED and UNKNOWN
     */
    Pending<DeliveryStep> reached(DeliveryStage stage);
}
