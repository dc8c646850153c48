package dev.meshlease.verification.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import dev.meshlease.verification.process.Child;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The official JavaScript client takes the simulated node for a real one.
 *
 * <p>That client loses a frame with the bytes 94 C3 inside, and the one after it. Keep them out of texts; packet ids are random and have
 * them in fewer than one of 1000 runs.
 */
class ForeignClientIT {
    private final SimulatedNode node = SimulatedNode.builder().nodes(3).start();
    private final SimulatedPeer peer = node.peers().get(0);
    private final String configured = "configured as " + node.id() + ", knows 4 nodes";

    @TempDir
    Path folder;

    @BeforeAll
    static void install() throws Exception {
        JavaScriptClient.install();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void it_is_configured_and_has_its_texts_acknowledged_and_hears_a_peer() throws Exception {
        try (Child client = JavaScriptClient.start(folder, node, peer)) {
            assertThat(client.line()).isEqualTo(configured);
            assertThat(client.line()).isEqualTo("direct text acked by " + peer.id());
            assertThat(client.line()).as("the implicit ack").isEqualTo("broadcast acked by " + node.id());
            peer.says("hello client");
            assertThat(client.line()).isEqualTo("received 'hello client' from " + peer.id());
            Child.Outcome outcome = client.end();
            assertThat(outcome.status()).as(outcome.errors()).isZero();
        }
        assertThat(node.sent())
                .extracting(
                        sent -> new NodeId(sent.getTo()),
                        sent -> sent.getDecoded().getPortnum(),
                        sent -> sent.getDecoded().getPayload().toStringUtf8(),
                        sent -> sent.getWantAck())
                .containsExactly(
                        tuple(peer.id(), PortNum.TEXT_MESSAGE_APP, "hello peer", true),
                        tuple(NodeId.BROADCAST, PortNum.TEXT_MESSAGE_APP, "hello all", true));
        assertThat(node.accepted()).isEqualTo(1);
        assertThat(node.evictions()).isZero();
        assertThat(node.silentDrops().undecodable()).isZero();
    }

    @Test
    void it_loses_its_connection_to_a_newcomer() throws Exception {
        try (Child client = JavaScriptClient.start(folder, node, peer)) {
            assertThat(client.line()).isEqualTo(configured);
            assertThat(client.line()).isEqualTo("direct text acked by " + peer.id());
            node.evictClient();
            assertThat(client.end().output()).last().isEqualTo("disconnected");
        }
        assertThat(node.accepted()).isEqualTo(2);
        assertThat(node.evictions()).isEqualTo(1);
    }
}
