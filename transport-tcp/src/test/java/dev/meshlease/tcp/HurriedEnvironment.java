package dev.meshlease.tcp;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.ForwardingEnvironment;
import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** The real thing, but for timers of a minute, which run at once: such as those that look whether a lock file is still there. */
final class HurriedEnvironment extends ForwardingEnvironment {
    private static final long HURRIED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    HurriedEnvironment() {
        super(Environment.system());
    }

    @Override
    public Loop newLoop(String name) {
        return new HurriedLoop(super.newLoop(name));
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
