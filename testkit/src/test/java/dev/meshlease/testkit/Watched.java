package dev.meshlease.testkit;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.NameResolver;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Sighting;
import dev.meshlease.spi.Stranger;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.TimeSource;
import dev.meshlease.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** The transport in memory on a machine that shows its connections, as the test says. */
final class Watched implements Transport, Lookout {
    private final VirtualEnvironment environment;
    /** Who is there. */
    final List<Stranger> strangers = new ArrayList<>();
    /** When it was looked. */
    final List<Long> lookedMillis = new ArrayList<>();

    Lookout instead;
    boolean looks = true;

    Watched(VirtualEnvironment environment) {
        this.environment = environment;
    }

    static Stranger stranger(long pid, String command, int port) {
        return new Stranger(OptionalLong.of(pid), OptionalLong.of(1000), command, "10.0.0.5:" + port, "10.0.0.7:4403");
    }

    @Override
    public Sighting look() {
        lookedMillis.add(environment.now().toEpochMilli());
        return instead == null ? new Sighting.Seen(strangers) : instead.look();
    }

    @Override
    public String scheme() {
        return environment.transport().scheme();
    }

    @Override
    public String check(String address) {
        return environment.transport().check(address);
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment asker) {
        return environment.transport().locate(address, environment).thenApply(Place::new);
    }

    private final class Place implements Target {
        private final Target real;

        Place(Target real) {
            this.real = real;
        }

        @Override
        public Set<LinkKey> keys() {
            return real.keys();
        }

        @Override
        public boolean isConsole() {
            return real.isConsole();
        }

        @Override
        public Optional<Lookout> lookout() {
            return looks ? Optional.of(Watched.this) : Optional.empty();
        }

        @Override
        public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
            return real.connect(permit, loop, events);
        }
    }

    /** The same time and threads, but helpers of another kind, and perhaps a world that is not the test's own. */
    record Surroundings(VirtualEnvironment real, Executor helpers, boolean isVirtual) implements Environment {
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
            return real.newLoop(name);
        }
    }
}
