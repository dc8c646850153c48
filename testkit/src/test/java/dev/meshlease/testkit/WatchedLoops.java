package dev.meshlease.testkit;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;

/** Virtual time that remembers its loops, to see whether they have ended. */
record WatchedLoops(VirtualEnvironment environment, List<Loop> loops) implements Environment {
    WatchedLoops(VirtualEnvironment environment) {
        this(environment, new ArrayList<>());
    }

    /** Whether every loop has ended; one that has not is given a task that does nothing. */
    boolean haveEnded() {
        return loops.stream().allMatch(WatchedLoops::hasEnded);
    }

    private static boolean hasEnded(Loop loop) {
        try {
            loop.execute(() -> {});
            return false;
        } catch (RejectedExecutionException ended) {
            return true;
        }
    }

    @Override
    public Loop newLoop(String name) {
        Loop loop = environment.newLoop(name);
        loops.add(loop);
        return loop;
    }

    @Override
    public TimeSource time() {
        return environment.time();
    }

    @Override
    public RandomGenerator random() {
        return environment.random();
    }

    @Override
    public NameResolver names() {
        return environment.names();
    }

    @Override
    public Executor callbacks() {
        return environment.callbacks();
    }

    @Override
    public boolean isVirtual() {
        return true;
    }
}
