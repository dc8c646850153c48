package dev.meshlease.testkit;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.testkit.internal.transport.Interposed;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The way to simulated nodes with something in it; what only matters at the end is there once it is {@link #arm armed}. */
final class ObstructedTransport extends Interposed {
    private final VirtualEnvironment world;
    private final Obstacle obstacle;
    private volatile boolean armed;

    ObstructedTransport(VirtualEnvironment world, Obstacle obstacle) {
        super(world.transport());
        this.world = world;
        this.obstacle = obstacle;
    }

    void arm() {
        armed = true;
    }

    private boolean is(Obstacle which) {
        return armed && obstacle == which;
    }

    @Override
    protected Target at(Target target) {
        return new Place(target) {
            @Override
            public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
                return new ObstructedLink(super.connect(permit, loop, new ObstructedEvents(events)));
            }
        };
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        return obstacle == Obstacle.IS_NEVER_FOUND ? new CompletableFuture<>() : super.locate(address, world);
    }

    private final class ObstructedLink extends Connection {
        ObstructedLink(ByteLink link) {
            super(link);
        }

        @Override
        public int write(ByteBuffer bytes) {
            if (is(Obstacle.WRITE_THROWS) || is(Obstacle.EVERYTHING_THROWS)) {
                throw new IllegalStateException("cannot write");
            }
            return is(Obstacle.TAKES_NOTHING) ? 0 : super.write(bytes);
        }

        @Override
        public void close() {
            if (is(Obstacle.CLOSE_THROWS) || is(Obstacle.EVERYTHING_THROWS)) {
                throw new IllegalStateException("cannot close");
            }
            if (!is(Obstacle.NEVER_CLOSES)) {
                super.close();
            }
        }

        @Override
        public void abort() {
            if (is(Obstacle.EVERYTHING_THROWS)) {
                throw new IllegalStateException("cannot abort");
            }
            if (!is(Obstacle.NEVER_CLOSES)) {
                super.abort();
            }
        }
    }

    private final class ObstructedEvents extends Events {
        ObstructedEvents(ByteLinkListener events) {
            super(events);
        }

        @Override
        public void opened() {
            if (obstacle != Obstacle.NEVER_OPENS) {
                super.opened();
            }
        }

        @Override
        public void received(ByteBuffer bytes) {
            if (obstacle != Obstacle.SAYS_NOTHING && obstacle != Obstacle.NEVER_OPENS) {
                super.received(bytes);
            }
        }
    }
}
