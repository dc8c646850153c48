package dev.meshlease.tcp;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import dev.meshlease.testkit.contract.ContractWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Real sockets on the loopback address, real time, the transport found as users have it found. */
final class TcpWorld implements ContractWorld {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** A name first: there are tests that need one. */
    private static final List<String> LOOPBACK = List.of("LocalHost.", "[::FFFF:127.0.0.1]", "0.0.0.0");

    private int spelling;

    @Override
    public SimulatedNode start(SimulatedNodeBuilder node) {
        return node.start();
    }

    @Override
    public LinkRegistryBuilder registry() {
        return LinkRegistry.builder();
    }

    @Override
    public Endpoint respelled(SimulatedNode node) {
        String host = LOOPBACK.get(spelling++ % LOOPBACK.size());
        return Endpoint.of(node.endpoint().toString().replace("127.0.0.1", host));
    }

    @Override
    public Endpoint nobody() {
        try (ServerSocket passing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Endpoint.of("tcp://127.0.0.1:" + passing.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void eventually(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not within " + LIMIT + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    @Override
    public void close() {}
}
