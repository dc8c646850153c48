package dev.meshlease.testkit;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.TimeSource;
import dev.meshlease.spi.Transport;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/** Virtual time whose loops note who cancels one of their timers from elsewhere, which loops of threads cannot bear. */
record OwnedTimers(VirtualEnvironment real, List<Throwable> offences) implements Environment {
    OwnedTimers(VirtualEnvironment real) {
        this(real, new ArrayList<>());
    }

    /** The transport in memory, for registries of this environment. */
    Transport transport() {
        return new Transport() {
            @Override
            public String scheme() {
                return real.transport().scheme();
            }

            @Override
            public String check(String address) {
                return real.transport().check(address);
            }

            @Override
            public CompletionStage<Target> locate(String address, Environment asker) {
                return real.transport().locate(address, real);
            }
        };
    }

    @Override
    public Loop newLoop(String name) {
        return new Owned(real.newLoop(name));
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
    public boolean isVirtual() {
        return true;
    }
}
