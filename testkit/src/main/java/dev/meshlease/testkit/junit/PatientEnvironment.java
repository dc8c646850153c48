package dev.meshlease.testkit.junit;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.TimeSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** The system's, but that what a test drops stays there until the test is judged, whenever garbage is collected. */
final class PatientEnvironment implements Environment {
    private final Environment system = Environment.system();
    private final Queue<Runnable> dropped = new ConcurrentLinkedQueue<>();

    @Override
    public TimeSource time() {
        return system.time();
    }

    @Override
    public RandomGenerator random() {
        return system.random();
    }

    @Override
    public NameResolver names() {
        return system.names();
    }

    @Override
    public Executor callbacks() {
        return system.callbacks();
    }

    @Override
    public Loop newLoop(String name) {
        return system.newLoop(name);
    }

    @Override
    public void dropped(Runnable giveBack) {
        dropped.add(giveBack);
    }

    /** Has it reported. */
    void giveBackDropped() {
        for (Runnable next = dropped.poll(); next != null; next = dropped.poll()) {
            next.run();
        }
    }
}
