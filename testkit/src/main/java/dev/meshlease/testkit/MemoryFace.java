package dev.meshlease.testkit;

import dev.meshlease.Endpoint;
import dev.meshlease.spi.TimeSource;
import dev.meshlease.testkit.internal.firmware.Firmware;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A simulated node in memory: its thread is a virtual loop, so whoever waits for the node runs it. */
final class MemoryFace implements NodeHost {
    private final TimeSource time;
    private final VirtualLoop loop;
    private final long seed;
    private final RandomGenerator random;
    private List<MemoryNode> places = List.of();

    private MemoryFace(TimeSource time, VirtualLoop loop, long seed, RandomGenerator random) {
        this.time = time;
        this.loop = loop;
        this.seed = seed;
        this.random = random;
    }

    static SimulatedNode start(SimulatedNodeBuilder builder, VirtualEnvironment environment) {
        MemoryTransport transport = environment.transport();
        String name = transport.newName();
        VirtualLoop loop = environment.newVirtualLoop(name);
        // Its own randomness: one node more or less changes nothing for the others.
        Long own = builder.seed();
        var host = own == null
                ? new MemoryFace(
                        environment.time(), loop, environment.seed(), new Random(environment.seed() ^ name.hashCode()))
                : new MemoryFace(environment.time(), loop, own, new Random(own));
        Firmware firmware = builder.firmware(host);
        var node = new MemoryNode(loop, firmware.doors().server(), false);
        firmware.doors().server().entrance(node);
        String console = MemoryTransport.consoleOf(name);
        var port = new MemoryNode(loop, firmware.doors().console(), true);
        host.places = List.of(node, port);
        transport.attach(name, node);
        transport.attach(console, port);
        return builder.attach(firmware, host, new Endpoint(MemoryTransport.SCHEME, name), () -> {
            transport.detach(name);
            transport.detach(console);
        });
    }

    /** Has the node read again. From any thread. */
    void resume() {
        places.forEach(place -> place.stall(false));
    }

    @Override
    public TimeSource time() {
        return time;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void schedule(long delayNanos, Runnable task) {
        loop.schedule(delayNanos, task);
    }

    @Override
    public boolean await(BooleanSupplier done, Duration limit) {
        try {
            return loop.await(done, limit.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return done.getAsBoolean();
        }
    }
}
