package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that lives for days does not remember all of them. */
class LongLifeTest {
    private static final int KEPT = 10_000;
    private static final int MORE = 50;

    @Test
    void it_keeps_the_latest_of_what_it_was_sent_and_of_what_it_transmitted() {
        Bench bench = Bench.of(SimulatedNode.builder()
                .with(Switch.AIRTIME, Duration.ZERO)
                .with(Switch.SLOT, Duration.ZERO)
                .with(Switch.ID_MEMORY, 0));
        Bench.Client client = bench.ready();
        for (int id = 1; id <= KEPT + MORE; id++) {
            client.sent(Bench.plain(NodeId.BROADCAST.number(), id));
            client.forget();
        }

        assertThat(bench.node.sent())
                .hasSize(KEPT)
                .extracting(MeshPacket::getId)
                .startsWith(MORE + 1);
        assertThat(bench.node.received())
                .hasSize(KEPT)
                .extracting(MeshPacket::getId)
                .endsWith(KEPT + MORE);
    }

    @Test
    void it_knows_no_more_nodes_than_a_real_one_however_many_it_hears() {
        Bench bench = Bench.of(SimulatedNode.builder());
        for (int i = 0; i < 600; i++) {
            bench.node.peer(new NodeId(0x0d000000 + i)).says("here I am");
            bench.host.advance(Duration.ofSeconds(1));
        }
        assertThat(bench.node.peers()).hasSizeLessThanOrEqualTo(250);
    }
}
