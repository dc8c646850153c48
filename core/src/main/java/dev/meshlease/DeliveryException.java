package dev.meshlease;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message that was not acknowledged; {@link #delivery()} has the whole story. */
public final class DeliveryException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    private final transient Delivery delivery;
    private final @Nullable DeliveryFailure reason;

    public DeliveryException(
            String message, Delivery delivery, @Nullable DeliveryFailure reason, Endpoint endpoint, String holder) {
        super(message, endpoint, holder, null);
        this.delivery = Objects.requireNonNull(delivery, "delivery");
        this.reason = reason;
    }

    /** The delivery that failed. */
    public Delivery delivery() {
        return delivery;
    }

    /** Why it failed; empty where nobody can know ({@link DeliveryStage#UNKNOWN} at its deadline). */
    public Optional<DeliveryFailure> reason() {
        return Optional.ofNullable(reason);
    }
}
