package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkOptions;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** What a registry is built from. */
public record RegistrySettings(
        LinkOptions defaults,
        Map<Endpoint, LinkOptions> perEndpoint,
        List<Transport> transports,
        Optional<Executor> callbacks,
        Optional<LinkClaims> claims,
        MachineGuard machine,
        Optional<Duration> audit,
        boolean leakStacks,
        boolean shutdownHook,
        Environment environment) {
    public RegistrySettings {
        perEndpoint = Map.copyOf(perEndpoint);
        transports = List.copyOf(transports);
    }
}
