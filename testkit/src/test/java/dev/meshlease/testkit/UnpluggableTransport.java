package dev.meshlease.testkit;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.testkit.internal.transport.Interposed;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A transport to simulated nodes as if they were devices that are plugged in and unplugged. */
final class UnpluggableTransport extends Interposed {
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

    UnpluggableTransport(VirtualEnvironment world) {
        super(world.transport());
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
    public CompletionStage<Target> locate(String address, Environment asker) {
        lookedMillis.add(world.now().toEpochMilli());
        return instead != null ? instead.get() : real(address);
    }

    /** What a lookup answers if nothing is in the way. */
    CompletionStage<Target> real(String address) {
        return isPlugged ? super.locate(address, world) : missing();
    }

    @Override
    protected Target at(Target node) {
        return new Device(node);
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

    private final class Device extends Place {
        Device(Target node) {
            super(node);
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
            cable.link = real.connect(permit, loop, cable);
            return cable.link;
        }
    }

    private static final class Cable extends Events {
        private final Loop loop;
        private ByteLink link;
        private boolean hasFailed;

        Cable(Loop loop, ByteLinkListener events) {
            super(events);
            this.loop = loop;
        }

        void fails() {
            loop.execute(() -> {
                if (!hasFailed) {
                    link.abort();
                    closed(Loss.of(Loss.Kind.FAILED, "unplugged"));
                }
            });
        }

        @Override
        public void closed(Loss loss) {
            if (!hasFailed) {
                hasFailed = true;
                super.closed(loss);
            }
        }
    }
}
