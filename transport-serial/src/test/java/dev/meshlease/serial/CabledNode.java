package dev.meshlease.serial;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A simulated node with its serial console behind a pseudo-terminal, and what a test has put into the cable. */
final class CabledNode implements AutoCloseable {
    final Pty pty;
    final SimulatedNode node;

    private CabledNode(Pty pty, SimulatedNode node) {
        this.pty = pty;
        this.node = node;
    }

    static CabledNode plugIn(Path link) throws IOException {
        return plugIn(link, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /**
     * @param fromClient around what the node reads
     * @param toClient around what the node writes
     */
    static CabledNode plugIn(Path link, UnaryOperator<InputStream> fromClient, UnaryOperator<OutputStream> toClient)
            throws IOException {
        Pty pty = Pty.plugIn(link);
        SimulatedNode node = SimulatedNode.builder()
                .variant(Variant.serialConsole())
                .with(Switch.REBOOT_TIME, Duration.ofMillis(200))
                .nodes(3)
                .start();
        node.attachSerial(fromClient.apply(pty.fromClient()), toClient.apply(pty.toClient()));
        return new CabledNode(pty, node);
    }

    Endpoint endpoint() {
        return new Endpoint("serial", pty.address());
    }

    /** Of registries that do not wait long between two attempts. */
    static LinkRegistryBuilder registry() {
        ReconnectPolicy quick =
                new ReconnectPolicy(Duration.ofMillis(50), Duration.ofMillis(200), 0, Duration.ofSeconds(30));
        return LinkRegistry.builder()
                .defaults(LinkOptions.builder().reconnect(quick).build());
    }

    @Override
    public void close() {
        pty.close(); // First: it is what ends the node's reading.
        node.close();
    }
}
