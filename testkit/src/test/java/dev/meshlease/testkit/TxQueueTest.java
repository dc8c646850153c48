package dev.meshlease.testkit;

import static dev.meshlease.testkit.Bench.broadcast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What waits for transmission, and in which order it goes; seen through the echoes of a simulated radio. */
class TxQueueTest {
    private static final int ALL = NodeId.BROADCAST.number();

    private static SimulatedNodeBuilder echoing() {
        return SimulatedNode.builder().with(Switch.SIMULATED_RADIO, true);
    }

    private static void sendsPlain(Bench.Client client, int from, int to) {
        for (int id = from; id <= to; id++) {
            client.sends(Bench.plain(ALL, id));
        }
    }

    @Test
    void of_many_packets_at_once_sixteen_are_taken_and_two_verdicts_survive() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.ready();
        sendsPlain(client, 1, 24);
        bench.host.advance(Duration.ofMillis(10));

        assertThat(bench.node.sent()).extracting(MeshPacket::getId).hasSize(16).endsWith(16);
        assertThat(client.statuses().subList(0, 2))
                .extracting(QueueStatus::getMeshPacketId, QueueStatus::getRes, QueueStatus::getFree)
                .containsExactly(tuple(23, 32, 0), tuple(24, 32, 0));
        assertThat(bench.node.silentDrops().queueStatuses()).isEqualTo(22);
    }

    @Test
    void both_queues_can_have_other_lengths() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.TX_QUEUE, 3).with(Switch.STATUS_QUEUE, 4));
        Bench.Client client = bench.ready();
        sendsPlain(client, 1, 5);
        bench.host.advance(Duration.ofMillis(5));

        assertThat(bench.node.sent()).hasSize(3);
        assertThat(client.statuses()).extracting(QueueStatus::getMaxlen).containsOnly(3);
        assertThat(client.statuses().subList(0, 4))
                .extracting(QueueStatus::getRes)
                .containsExactly(0, 0, 32, 32);
    }

    @Test
    void once_there_is_room_again_the_client_is_told() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.TX_QUEUE, 2));
        Bench.Client client = bench.ready();
        sendsPlain(client, 1, 2);
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(client.statuses())
                .hasSize(3)
                .last()
                .isEqualTo(QueueStatus.newBuilder().setFree(1).setMaxlen(2).build());
    }

    @Test
    void a_simulated_radio_tells_of_each_transmission_instead() {
        Bench bench = Bench.of(echoing().with(Switch.TX_QUEUE, 2));
        Bench.Client client = bench.ready();
        sendsPlain(client, 1, 2);
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(client.statuses()).extracting(QueueStatus::getMeshPacketId).containsExactly(1, 2, 1, 2);
        assertThat(client.statuses()).extracting(QueueStatus::getFree).containsExactly(1, 0, 1, 2);
        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactly(1, 2);
    }

    @Test
    void what_is_more_urgent_goes_first() {
        Bench bench = Bench.of(echoing());
        Bench.Client client = bench.ready();
        client.sends(Bench.plain(ALL, 1).toBuilder()
                .setPriority(MeshPacket.Priority.BACKGROUND)
                .build());
        client.sends(Bench.plain(ALL, 2));
        client.sends(Bench.packet(ALL, 3, PortNum.ALERT_APP, ByteString.EMPTY));
        client.sends(broadcast(4, "text"));
        client.sends(Bench.plain(ALL, 5));
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactly(3, 4, 2, 5, 1);
    }

    @Test
    void what_is_equally_urgent_goes_in_the_order_of_sending() {
        Bench bench = Bench.of(echoing());
        Bench.Client client = bench.ready();
        sendsPlain(client, 1, 16);
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(client.echoes()).extracting(MeshPacket::getId).isSorted().hasSize(16);
    }

    @Test
    void a_text_pushes_something_less_urgent_out_of_a_full_queue() {
        Bench bench = Bench.of(echoing().with(Switch.TX_QUEUE, 2));
        Bench.Client client = bench.ready();
        sendsPlain(client, 1, 2);
        client.sends(broadcast(3, "text"));
        client.sends(Bench.plain(ALL, 4));
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(bench.node.sent()).extracting(MeshPacket::getId).containsExactly(1, 2, 3);
        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void a_packet_pushed_out_is_tried_again_if_it_wanted_an_ack() {
        Bench bench = Bench.of(echoing().with(Switch.TX_QUEUE, 1));
        Bench.Client client = bench.ready();
        client.sends(Bench.wantingAck(Bench.plain(ALL, 1)));
        client.sends(broadcast(2, "text"));
        bench.host.advance(Duration.ofSeconds(8));

        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactly(2, 1);
    }

    @Test
    void transmissions_take_time_and_long_ones_more() {
        Bench bench =
                Bench.of(echoing().with(Switch.AIRTIME, Duration.ofSeconds(1)).with(Switch.SLOT, Duration.ZERO));
        Bench.Client client = bench.ready();
        client.sends(Bench.packet(ALL, 1, PortNum.PRIVATE_APP, ByteString.copyFrom(new byte[200])));
        client.sends(Bench.plain(ALL, 2));
        client.sends(Bench.plain(ALL, 3));
        bench.host.advance(Duration.ofMillis(3500));
        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactly(1);
        bench.host.advance(Duration.ofSeconds(1));
        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactly(1, 2);
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactly(1, 2, 3);
    }

    @Test
    void a_transmission_waits_up_to_seven_slots() {
        Bench bench = Bench.of(echoing().with(Switch.SLOT, Duration.ofSeconds(1)));
        Bench.Client client = bench.ready();
        int waited = 0;
        for (int id = 1; id <= 20; id++) {
            client.sent(Bench.plain(ALL, id));
            waited += client.echoes().size() == id ? 0 : 1;
            bench.host.advance(Duration.ofMillis(7500));
            assertThat(client.echoes()).hasSize(id);
            bench.host.advance(Duration.ofSeconds(7));
        }

        assertThat(waited).isBetween(1, 19);
    }
}
