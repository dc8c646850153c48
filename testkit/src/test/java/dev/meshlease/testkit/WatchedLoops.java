package dev.meshlease.testkit;

import dev.meshlease.spi.ForwardingEnvironment;
import dev.meshlease.spi.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** Virtual time that remembers its loops, to see whether they have ended. */
final class WatchedLoops extends ForwardingEnvironment {
    private final List<Loop> loops = new ArrayList<>();

    WatchedLoops(VirtualEnvironment environment) {
        super(environment);
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
        Loop loop = super.newLoop(name);
        loops.add(loop);
        return loop;
    }
}
