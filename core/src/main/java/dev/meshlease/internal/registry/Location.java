package dev.meshlease.internal.registry;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where an endpoint is. What was found while it was admitted serves its first connection too, if that comes soon. Loop only. */
final class Location {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Transport transport;
    private final String address;
    private final Environment environment;
    private @Nullable Target found;
    private long foundNanos;

    Location(Transport transport, String address, Environment environment) {
        this.transport = transport;
        this.address = address;
        this.environment = environment;
    }

    CompletionStage<Target> lookUp() {
        try {
            return transport.locate(address, environment);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    void found(Target target) {
        found = target;
        foundNanos = environment.time().nanoTime();
    }

    /** Whether it is known where that is. */
    boolean isFound() {
        return found != null;
    }

    /** The target of the next connection. */
    CompletionStage<Target> next() {
        Target known = found;
        found = null;
        return known != null && environment.time().nanoTime() - foundNanos < FRESH_NANOS
                ? CompletableFuture.completedStage(known)
                : lookUp();
    }
}
