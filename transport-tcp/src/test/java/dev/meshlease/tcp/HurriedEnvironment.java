package dev.meshlease.tcp;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.TimeSource;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/** The real thing, but for timers of a minute, which run at once: such as those that look whether a lock file is still there. */
record HurriedEnvironment(Environment real) implements Environment {
    private static final long HURRIED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    HurriedEnvironment() {
        this(Environment.system());
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
    public Loop newLoop(String name) {
        return new HurriedLoop(real.newLoop(name));
    }

    private record HurriedLoop(Loop loop) implements Loop {
        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        @Override
        public boolean isOwner() {
            return loop.isOwner();
        }

        @Override
        public ChannelReadiness register(SelectableChannel channel, IntConsumer onReady) throws IOException {
            return loop.register(channel, onReady);
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            boolean isMinute = delayNanos == TimeUnit.MINUTES.toNanos(1);
            return loop.schedule(isMinute ? HURRIED_NANOS : delayNanos, task);
        }

        @Override
        public boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
            return loop.await(done, timeoutNanos);
        }

        @Override
        public void close() {
            loop.close();
        }
    }
}
