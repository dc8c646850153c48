package dev.meshlease.testkit;

import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** Virtual time whose loops note who cancels one of their timers from elsewhere, which loops of threads cannot bear. */
final class OwnedTimers extends MachineEnvironment {
    private final List<Throwable> offences = new ArrayList<>();

    OwnedTimers(VirtualEnvironment real) {
        super(real);
    }

    List<Throwable> offences() {
        return offences;
    }

    @Override
    public Loop newLoop(String name) {
        return new Owned(super.newLoop(name));
    }

    private final class Owned implements Loop {
        private final Loop loop;

        Owned(Loop loop) {
            this.loop = loop;
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            Timer timer = loop.schedule(delayNanos, task);
            return () -> {
                if (!loop.isOwner()) {
                    offences.add(new Throwable("A timer of " + loop + " was cancelled from elsewhere"));
                }
                timer.cancel();
            };
        }

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
        public boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
            return loop.await(done, timeoutNanos);
        }

        @Override
        public void close() {
            loop.close();
        }
    }
}
