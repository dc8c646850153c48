package dev.meshlease.internal.lease;

import dev.meshlease.Acknowledgement;
import dev.meshlease.Delivery;
import dev.meshlease.Pending;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The acknowledgement of a delivery where nobody cares what it says. */
final class Confirmation implements Pending<Void> {
    private final Delivery delivery;

    Confirmation(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    @SuppressWarnings("NullAway") // Void has no other value.
    public Void await(Duration patience) {
        Acknowledgement unused = delivery.await(patience);
        return null;
    }

    @Override
    public CompletableFuture<Void> future() {
        return delivery.future().thenAccept(acknowledgement -> {});
    }

    @Override
    public boolean isDone() {
        return delivery.isDone();
    }

    @Override
    public boolean cancel() {
        return delivery.cancel();
    }
}
