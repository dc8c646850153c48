package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.testkit.node.Switch;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhoneQueueTest {
    private final Bench bench = Bench.of(SimulatedNode.builder().nodes(1).with(Switch.PHONE_QUEUE, 3));
    private final SimulatedPeer peer = bench.node.peers().get(0);

    private List<MeshPacket> whatTheNextClientGets() {
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        return client.packets();
    }

    private static String text(MeshPacket packet) {
        return packet.getDecoded().getPayload().toStringUtf8();
    }

    @Test
    void packets_wait_for_the_next_client() {
        bench.ready().leaves();
        peer.says("a");
        peer.says("b");

        assertThat(whatTheNextClientGets()).extracting(PhoneQueueTest::text).containsExactly("a", "b");
        assertThat(whatTheNextClientGets()).isEmpty();
    }

    @Test
    void a_text_pushes_the_oldest_packet_out_of_a_full_queue() {
        peer.says("a");
        peer.says("b");
        peer.says("c");
        peer.says("d");

        assertThat(whatTheNextClientGets()).extracting(PhoneQueueTest::text).containsExactly("b", "c", "d");
        assertThat(bench.node.silentDrops().phoneQueue()).isEqualTo(1);
    }

    @Test
    void anything_else_does_not_get_into_a_full_queue() {
        peer.says("a");
        peer.says("b");
        peer.says("c");
        peer.sends(PayloadType.POSITION, Position.getDefaultInstance());

        assertThat(whatTheNextClientGets()).extracting(PhoneQueueTest::text).containsExactly("a", "b", "c");
        assertThat(bench.node.silentDrops().phoneQueue()).isEqualTo(1);
    }

    @Test
    void a_connected_client_gets_a_packet_within_a_moment() {
        Bench.Client client = bench.ready();
        peer.says("now");
        bench.host.advance(Bench.MOMENT);

        assertThat(client.texts()).containsExactly("now");
    }

    @Test
    void the_queue_status_of_a_text_reaches_the_next_client_if_the_sender_is_gone() {
        Bench.Client client = bench.connect();
        client.sent(Bench.broadcast(9, "and away"));
        client.leaves();
        Bench.Client next = bench.connect();
        next.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(next.statuses()).extracting(QueueStatus::getMeshPacketId).contains(9);
    }

    @Test
    void only_texts_for_the_node_or_for_all_count_as_received_by_it() {
        peer.tells(bench.node.id(), "to you");

        assertThat(whatTheNextClientGets()).singleElement().satisfies(packet -> {
            assertThat(packet.getTo()).isEqualTo(bench.node.id().number());
            assertThat(packet.getPkiEncrypted()).isTrue();
        });
    }
}
