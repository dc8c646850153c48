package dev.meshlease.testkit.contract;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import dev.meshlease.testkit.VirtualEnvironment;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Nodes in memory, in virtual time. */
final class VirtualWorld implements ContractWorld {
    private final VirtualEnvironment environment = VirtualEnvironment.create();

    @Override
    public SimulatedNode start(SimulatedNodeBuilder node) {
        return node.start(environment);
    }

    @Override
    public LinkRegistryBuilder registry() {
        return LinkRegistry.builder().environment(environment).transport(environment.transport());
    }

    @Override
    public Endpoint respelled(SimulatedNode node) {
        environment.transport().alias("another-name", node.endpoint());
        return Endpoint.of("SIM://" + "another-name".toUpperCase(Locale.ROOT));
    }

    @Override
    public Endpoint nobody() {
        return Endpoint.of("sim://nobody");
    }

    @Override
    public void eventually(String what, BooleanSupplier holds) {
        for (int i = 0; i < 30_000 && !holds.getAsBoolean(); i++) {
            environment.advance(Duration.ofMillis(1));
        }
        if (!holds.getAsBoolean()) {
            throw new AssertionError("Not within 30 s: " + what + ", in " + environment);
        }
    }

    @Override
    public void close() {
        environment.settle();
    }
}
