package dev.meshlease.testkit;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The way to simulated nodes with something in it; what only matters at the end is there once it is {@link #arm armed}. */
final class ObstructedTransport implements Transport {
    private final VirtualEnvironment world;
    private final Transport way;
    private final Obstacle obstacle;
    private volatile boolean armed;

    ObstructedTransport(VirtualEnvironment world, Obstacle obstacle) {
        this.world = world;
        this.way = world.transport();
        this.obstacle = obstacle;
    }

    void arm() {
        armed = true;
    }

    private boolean is(Obstacle which) {
        return armed && obstacle == which;
    }

    @Override
    public String scheme() {
        return way.scheme();
    }

    @Override
    public String check(String address) {
        return way.check(address);
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        return obstacle == Obstacle.IS_NEVER_FOUND
                ? new CompletableFuture<>()
                : way.locate(address, world).thenApply(Obstructed::new);
    }

    private final class Obstructed implements Target {
        private final Target target;

        Obstructed(Target target) {
            this.target = target;
        }

        @Override
        public Set<LinkKey> keys() {
            return target.keys();
        }

        @Override
        public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
            return new Connection(target.connect(permit, loop, new Events(events)));
        }
    }

    private final class Connection implements ByteLink {
        private final ByteLink link;

        Connection(ByteLink link) {
            this.link = link;
        }

        @Override
        public int write(ByteBuffer bytes) {
            if (is(Obstacle.WRITE_THROWS) || is(Obstacle.EVERYTHING_THROWS)) {
                throw new IllegalStateException("cannot write");
            }
            return is(Obstacle.TAKES_NOTHING) ? 0 : link.write(bytes);
        }

        @Override
        public void close() {
            if (is(Obstacle.CLOSE_THROWS) || is(Obstacle.EVERYTHING_THROWS)) {
                throw new IllegalStateException("cannot close");
            }
            if (!is(Obstacle.NEVER_CLOSES)) {
                link.close();
            }
        }

        @Override
        public void abort() {
            if (is(Obstacle.EVERYTHING_THROWS)) {
                throw new IllegalStateException("cannot abort");
            }
            if (!is(Obstacle.NEVER_CLOSES)) {
                link.abort();
            }
        }
    }

    private final class Events implements ByteLinkListener {
        private final ByteLinkListener events;

        Events(ByteLinkListener events) {
            this.events = events;
        }

        @Override
        public void opened() {
            if (obstacle != Obstacle.NEVER_OPENS) {
                events.opened();
            }
        }

        @Override
        public void writable() {
            events.writable();
        }

        @Override
        public void received(ByteBuffer bytes) {
            if (obstacle != Obstacle.SAYS_NOTHING && obstacle != Obstacle.NEVER_OPENS) {
                events.received(bytes);
            }
        }

        @Override
        public void closed(Loss loss) {
            events.closed(loss);
        }
    }
}
