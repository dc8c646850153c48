package dev.meshlease.tcp;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.TimeSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** An environment with a resolver of the test's own. */
record OwnNames(Environment rest, NameResolver names) implements Environment {
    @Override
    public TimeSource time() {
        return rest.time();
    }

    @Override
    public RandomGenerator random() {
        return rest.random();
    }

    @Override
    public Executor callbacks() {
        return rest.callbacks();
    }

    @Override
    public boolean isVirtual() {
        return rest.isVirtual();
    }

    @Override
    public Loop newLoop(String name) {
        return rest.newLoop(name);
    }
}
