package dev.meshlease.testkit;

import dev.meshlease.spi.Environment;
import dev.meshlease.spi.ForwardingEnvironment;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Sighting;
import dev.meshlease.spi.Stranger;
import dev.meshlease.spi.Target;
import dev.meshlease.testkit.internal.transport.Interposed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The transport in memory on a machine that shows its connections, as the test says. */
final class Watched extends Interposed implements Lookout {
    private final VirtualEnvironment environment;
    /** Who is there. */
    final List<Stranger> strangers = new ArrayList<>();
    /** When it was looked. */
    final List<Long> lookedMillis = new ArrayList<>();

    Lookout instead;
    boolean looks = true;

    Watched(VirtualEnvironment environment) {
        super(environment.transport());
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
    public CompletionStage<Target> locate(String address, Environment asker) {
        return super.locate(address, environment);
    }

    @Override
    protected Target at(Target target) {
        return new Place(target) {
            @Override
            public Optional<Lookout> lookout() {
                return looks ? Optional.of(Watched.this) : Optional.empty();
            }
        };
    }

    /** The same time and threads, but helpers of another kind, and perhaps a world that is not the test's own. */
    static final class Surroundings extends ForwardingEnvironment {
        private final Executor helpers;
        private final boolean isVirtual;

        Surroundings(VirtualEnvironment real, Executor helpers, boolean isVirtual) {
            super(real);
            this.helpers = helpers;
            this.isVirtual = isVirtual;
        }

        @Override
        public Executor helpers() {
            return helpers;
        }

        @Override
        public boolean isVirtual() {
            return isVirtual;
        }
    }
}
