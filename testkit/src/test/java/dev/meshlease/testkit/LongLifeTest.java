package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that lives for days does not remember all of them. */
class LongLifeTest {
    private static final int KEPT = 10_000;
    private static final int MORE = 50;
    /** Less than a thing a connection, let alone a packet. */
    private static final long TOLERANCE = 30;

    private static final int MINUTES_A_DAY = 24 * 60;

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

    /** A client every day, a restart every week, and a packet every other minute, of a sender that nobody knows. */
    @Test
    void a_month_leaves_no_more_behind_than_half_of_it() {
        Bench bench = Bench.of(SimulatedNode.builder()
                .with(Switch.SIMULATED_RADIO, true)
                .with(Switch.OWN_TELEMETRY, true)
                .with(Switch.SLOT, Duration.ZERO));
        live(bench, 1, 15);
        long half = Reach.of(bench.firmware);
        live(bench, 16, 30);

        assertThat(Reach.of(bench.firmware)).isCloseTo(half, within(TOLERANCE));
        assertThat(bench.host.pending()).isLessThan(60);
    }

    private static void live(Bench bench, int first, int last) {
        for (int day = first; day <= last; day++) {
            Bench.Client client = bench.ready();
            for (int i = 0; i < MINUTES_A_DAY / 2; i++) {
                int mark = day * 100_000 + i;
                client.sends(stranger(mark));
                MeshPacket out = Bench.plain(mark, mark);
                client.sends(i % 10 == 0 ? Bench.wantingAck(out) : out);
                bench.host.advance(Duration.ofMinutes(2));
                client.forget();
            }
            if (day % 7 == 0) {
                bench.node.reboot();
                bench.host.advance(Duration.ofMinutes(1));
            }
        }
    }

    /** What a simulated radio takes for a reception. */
    private static MeshPacket stranger(int mark) {
        return Bench.packet(
                        NodeId.BROADCAST.number(), mark, PortNum.SIMULATOR_APP, Injections.hex("0801120568656c6c6f"))
                .toBuilder()
                .setFrom(mark)
                .build();
    }
}
