package dev.meshlease.testkit;

import dev.meshlease.spi.ForwardingEnvironment;

/**
 * A virtual environment as one machine has it: the same time and the same nodes, but what the registries of a JVM know of each other's
 * nodes does not go from one machine to another. Equal to none but itself.
 */
class MachineEnvironment extends ForwardingEnvironment {
    private final VirtualEnvironment world;

    MachineEnvironment(VirtualEnvironment world) {
        super(world);
        this.world = world;
    }

    VirtualEnvironment world() {
        return world;
    }
}
