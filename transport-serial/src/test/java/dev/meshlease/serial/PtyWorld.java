package dev.meshlease.serial;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.LossCause;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import dev.meshlease.testkit.contract.ContractWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Simulated nodes behind pseudo-terminals, real time, the transport found as users have it found, jSerialComm included. */
final class PtyWorld implements ContractWorld {
    private final Path folder;
    private final Map<SimulatedNode, BridgedNode> bridges = new HashMap<>();
    private int nobodies;

    /** Skips the test if there is no socat. */
    PtyWorld() {
        String unused = Pty.socat();
        try {
            folder = Files.createTempDirectory("ports-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SimulatedNode start(SimulatedNodeBuilder builder) {
        SimulatedNode node = builder.start();
        try {
            bridges.put(node, new BridgedNode(node, folder.resolve("port" + bridges.size())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return node;
    }

    @Override
    public LinkRegistryBuilder registry() {
        return LinkRegistry.builder();
    }

    @Override
    public Endpoint endpoint(SimulatedNode node) {
        settle();
        return bridge(node).endpoint();
    }

    @Override
    public Endpoint respelled(SimulatedNode node) {
        settle();
        return bridge(node).respelled();
    }

    private BridgedNode bridge(SimulatedNode node) {
        BridgedNode bridge = bridges.get(node);
        if (bridge == null) {
            throw new IllegalArgumentException(node + " is not of this world");
        }
        return bridge;
    }

    @Override
    public Endpoint nobody() {
        nobodies++;
        return new Endpoint("serial", folder.resolve("nobody" + nobodies).toString());
    }

    @Override
    public LossCause hungUp() {
        return LossCause.DEVICE;
    }

    @Override
    public LossCause nobodyThere() {
        return LossCause.NO_SUCH_DEVICE;
    }

    @Override
    public void eventually(String what, BooleanSupplier holds) {
        Eventually.holds(what, holds);
        settle();
    }

    /** Until each port is either in use or as if it had just been plugged in: socat takes a moment to see that it was closed. */
    private void settle() {
        Eventually.holds(
                "the ports settle", () -> bridges.values().stream().allMatch(each -> each.isOpen() || each.isFresh()));
    }

    @Override
    public void close() {
        bridges.values().forEach(BridgedNode::close);
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
