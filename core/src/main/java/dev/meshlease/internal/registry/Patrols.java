package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What the patrols of a registry's links have in common. Loop only. */
final class Patrols {
    private final Environment environment;
    private final Loop loop;
    private final Optional<Duration> audit;
    private boolean hasSaidUnknown;

    /** @param audit how often to look without a reason; empty for never */
    Patrols(Environment environment, Loop loop, Optional<Duration> audit) {
        this.environment = environment;
        this.loop = loop;
        this.audit = audit;
    }

    /**
     * @param isShare whether the link leads to a share of a node, to which others may be connected
     * @param lookout that of the link's last connection
     */
    Patrol of(Endpoint endpoint, boolean isShare, Supplier<Optional<Lookout>> lookout) {
        return new Patrol(endpoint, this, isShare, lookout);
    }

    Environment environment() {
        return environment;
    }

    Loop loop() {
        return loop;
    }

    Optional<Duration> audit() {
        return audit;
    }

    /** Whether it is to be said now that nobody can tell; true once. */
    boolean isNewThatUnknown() {
        boolean isNew = !hasSaidUnknown;
        hasSaidUnknown = true;
        return isNew;
    }
}
