package dev.meshlease.testkit;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.TimeSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * A virtual environment as one machine has it: the same time and the same nodes, but what the registries of a JVM know of each other's
 * nodes does not go from one machine to another. Equal to none but itself.
 */
class MachineEnvironment implements Environment {
    private final VirtualEnvironment real;

    MachineEnvironment(VirtualEnvironment real) {
        this.real = real;
    }

    VirtualEnvironment real() {
        return real;
    }

    @Override
    public TimeSource time() {
        return real.time();
    }

    @Override
    public RandomGenerator random() {
        return real.random();
    }

    @Override
    public NameResolver names() {
        return real.names();
    }

    @Override
    public Executor callbacks() {
        return real.callbacks();
    }

    @Override
    public Executor helpers() {
        return real.helpers();
    }

    @Override
    public boolean isVirtual() {
        return true;
    }

    @Override
    public void dropped(Runnable giveBack) {
        real.dropped(giveBack);
    }

    @Override
    public Loop newLoop(String name) {
        return real.newLoop(name);
    }

    @Override
    public String toString() {
        return real.toString();
    }
}
