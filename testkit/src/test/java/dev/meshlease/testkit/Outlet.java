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
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A transport to simulated nodes as if they were devices that are plugged in and unplugged. */
final class Outlet implements Transport {
    private final VirtualEnvironment world;
    private Cable cable;
    private boolean isPlugged = true;

    /** What opening the device comes to, if it does not come about. */
    Loss.Kind refusal;

    /** What a lookup answers, if not that. */
    Supplier<CompletionStage<Target>> instead;

    /** When it was looked up. */
    final List<Long> lookedMillis = new ArrayList<>();

    /** When it was opened, or tried to be. */
    final List<Long> openedMillis = new ArrayList<>();

    Outlet(VirtualEnvironment world) {
        this.world = world;
    }

    void unplug() {
        isPlugged = false;
        if (cable != null) {
            cable.fails();
        }
    }

    void plugIn() {
        isPlugged = true;
    }

    @Override
    public String scheme() {
        return world.transport().scheme();
    }

    @Override
    public String check(String address) {
        return world.transport().check(address);
    }

    @Override
    public CompletionStage<Target> locate(String address, Environment environment) {
        lookedMillis.add(world.now().toEpochMilli());
        return instead != null ? instead.get() : real(address);
    }

    /** What a lookup answers if nothing is in the way. */
    CompletionStage<Target> real(String address) {
        return isPlugged ? world.transport().locate(address, world).thenApply(Device::new) : missing();
    }

    CompletionStage<Target> missing() {
        return CompletableFuture.failedStage(new NoSuchFileException("/dev/node", null, "is it plugged in?"));
    }

    private record Refused() implements ByteLink {
        @Override
        public int write(ByteBuffer bytes) {
            return 0;
        }

        @Override
        public void close() {}

        @Override
        public void abort() {}
    }

    private final class Device implements Target {
        private final Target node;

        Device(Target node) {
            this.node = node;
        }

        @Override
        public Set<LinkKey> keys() {
            return node.keys();
        }

        @Override
        public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
            openedMillis.add(world.now().toEpochMilli());
            if (refusal != null) {
                permit.redeem(keys());
                Loss loss = Loss.of(refusal, "as scripted");
                loop.execute(() -> events.closed(loss));
                return new Refused();
            }
            cable = new Cable(loop, events);
            cable.link = node.connect(permit, loop, cable);
            return cable.link;
        }
    }

    private static final class Cable implements ByteLinkListener {
        private final Loop loop;
        private final ByteLinkListener events;
        private ByteLink link;
        private boolean hasFailed;

        Cable(Loop loop, ByteLinkListener events) {
            this.loop = loop;
            this.events = events;
        }

        void fails() {
            loop.execute(() -> {
                if (!hasFailed) {
                    hasFailed = true;
                    link.abort();
                    events.closed(Loss.of(Loss.Kind.FAILED, "unplugged"));
                }
            });
        }

        @Override
        public void opened() {
            events.opened();
        }

        @Override
        public void writable() {
            events.writable();
        }

        @Override
        public void received(ByteBuffer bytes) {
            events.received(bytes);
        }

        @Override
        public void closed(Loss loss) {
            if (!hasFailed) {
                hasFailed = true;
                events.closed(loss);
            }
        }
    }
}
