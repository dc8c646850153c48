package dev.meshlease.testkit;

import static dev.meshlease.testkit.Bench.broadcast;
import static dev.meshlease.testkit.Bench.text;
import static dev.meshlease.testkit.Bench.wantingAck;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendingTest {
    private final Bench bench = Bench.of(SimulatedNode.builder().nodes(1));
    private final Bench.Client client = bench.ready();
    private final SimulatedPeer peer = bench.node.peers().get(0);

    @Test
    void a_text_gets_a_queue_status_with_its_id() {
        client.sends(broadcast(42, "hi"));
        bench.host.advance(Duration.ofMillis(10));

        assertThat(client.received())
                .containsExactly(FromRadio.newBuilder()
                        .setQueueStatus(QueueStatus.newBuilder()
                                .setFree(15)
                                .setMaxlen(16)
                                .setMeshPacketId(42))
                        .build());
        assertThat(bench.node.sent()).singleElement().satisfies(sent -> {
            assertThat(sent.getFrom()).isEqualTo(bench.node.id().number());
            assertThat(sent.getDecoded().getPayload().toStringUtf8()).isEqualTo("hi");
        });
    }

    @Test
    void id_0_is_replaced_by_one_that_only_the_queue_status_tells() {
        client.sent(broadcast(0, "hi"));

        assertThat(client.statuses())
                .singleElement()
                .extracting(QueueStatus::getMeshPacketId)
                .isNotEqualTo(0);
    }

    @Test
    void sizes_up_to_232_pass_up_to_234_are_refused_and_above_vanish() {
        client.sent(broadcast(1, "x".repeat(232)));
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(broadcast(2, "x".repeat(233)));
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(broadcast(3, "x".repeat(234)));
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(broadcast(4, "x".repeat(235)));

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(0, 7, 7);
        assertThat(client.packets())
                .extracting(Bench::verdict)
                .containsExactly(Routing.Error.TOO_LARGE, Routing.Error.TOO_LARGE);
        assertThat(bench.node.silentDrops().undecodable()).isEqualTo(1);
    }

    @Test
    void a_private_text_has_room_for_220_bytes() {
        client.sent(text(peer.id().number(), 1, "x".repeat(220)));
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(text(peer.id().number(), 2, "x".repeat(221)));

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(0, 7);
    }

    @Test
    void heartbeats_are_answered_once_a_poll_and_before_any_handshake() {
        Bench.Client fresh = bench.connect();
        fresh.beats(0);
        fresh.beats(7);
        bench.host.advance(Bench.MOMENT);

        assertThat(fresh.received())
                .containsExactly(FromRadio.newBuilder()
                        .setQueueStatus(QueueStatus.newBuilder().setFree(16).setMaxlen(16))
                        .build());
    }

    @Test
    void heartbeat_1_announces_the_node_instead() {
        client.beats(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.statuses())
                .singleElement()
                .extracting(QueueStatus::getMeshPacketId)
                .isNotEqualTo(0);
        assertThat(bench.node.sent()).isEmpty();
    }

    @Test
    void a_text_says_more_than_its_bytes_if_it_replies_to_another() {
        MeshPacket reply = broadcast(1, "x".repeat(228));
        client.sent(reply.toBuilder()
                .setDecoded(reply.getDecoded().toBuilder().setReplyId(9))
                .build());

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(7);
    }

    @Test
    void hops_are_taken_as_given_but_for_want_of_any_hop_to_be_acknowledged() {
        client.sent(broadcast(1, "a").toBuilder().setHopLimit(0).build());
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(wantingAck(broadcast(2, "b").toBuilder().setHopLimit(0).build()));
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(broadcast(3, "c").toBuilder().setHopLimit(100).build());

        assertThat(bench.node.sent()).extracting(MeshPacket::getHopLimit).containsExactly(0, 3, 7);
    }

    @Test
    void what_only_nodes_may_say_is_not_taken_from_a_client() {
        client.sent(broadcast(1, "a").toBuilder()
                .setFrom(77)
                .setNextHop(5)
                .setRelayNode(6)
                .build());

        assertThat(bench.node.sent()).singleElement().satisfies(sent -> {
            assertThat(sent.getFrom()).isEqualTo(bench.node.id().number());
            assertThat(sent.getNextHop()).isZero();
            assertThat(sent.getRelayNode()).isZero();
        });
    }

    @Test
    void a_packet_for_all_but_not_by_radio_is_accepted_and_heard_by_nobody() {
        client.sent(wantingAck(text(1, 42, "not by radio")));
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(client.statuses()).extracting(QueueStatus::getFree).containsExactly(16);
        assertThat(client.packets()).isEmpty();
    }

    @Test
    void a_packet_for_number_0_is_tried_all_the_same() {
        client.sent(Bench.packet(0, 42, PortNum.POSITION_APP, ByteString.EMPTY));

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(0);
        assertThat(bench.node.sent()).hasSize(1);
    }

    @Test
    void a_slot_without_a_channel_sends_nothing() {
        client.sent(broadcast(42, "hi").toBuilder().setChannel(3).build());
        client.sent(Bench.plain(NodeId.BROADCAST.number(), 43).toBuilder()
                .setChannel(300)
                .build());

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(6, 6);
        assertThat(client.verdicts()).containsExactly(Routing.Error.NO_CHANNEL, Routing.Error.NO_CHANNEL);
    }

    @Test
    void a_direct_text_to_a_node_whose_key_is_unknown_is_refused() {
        client.sent(text(0xABADFACE, 42, "hi"));

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(39);
        assertThat(client.verdicts()).containsExactly(Routing.Error.PKI_SEND_FAIL_PUBLIC_KEY);
        assertThat(bench.node.sent()).isEmpty();
    }

    @Test
    void positions_and_routes_need_no_key() {
        client.sent(Bench.packet(0xABADFACE, 1, PortNum.POSITION_APP, ByteString.EMPTY));
        client.sent(Bench.packet(0xABADFACE, 2, PortNum.TRACEROUTE_APP, ByteString.EMPTY));

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(0, 0);
    }

    @Test
    void a_client_that_insists_on_another_key_than_the_known_one_is_refused() {
        client.sent(text(peer.id().number(), 42, "hi").toBuilder()
                .setPkiEncrypted(true)
                .setPublicKey(ByteString.copyFrom(new byte[32]))
                .build());

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(34);
        assertThat(client.verdicts()).containsExactly(Routing.Error.PKI_FAILED);
    }

    @Test
    void a_node_without_a_region_sends_nothing_and_says_so_in_the_queue_status() {
        bench.host.advance(Duration.ofSeconds(1));
        client.sent(Bench.packet(
                bench.node.id().number(),
                1,
                PortNum.ADMIN_APP,
                AdminMessage.newBuilder()
                        .setSetConfig(Config.newBuilder()
                                .setLora(Config.LoRaConfig.newBuilder()
                                        .setTxEnabled(true)
                                        .setHopLimit(3)))
                        .build()
                        .toByteString()));
        client.forget();

        client.sent(wantingAck(broadcast(42, "hi")));
        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(34);
        assertThat(client.verdicts()).isEmpty();
        bench.host.advance(Duration.ofSeconds(30));

        assertThat(client.verdicts()).containsExactly(Routing.Error.MAX_RETRANSMIT);
        assertThat(bench.node.sent()).isEmpty();
    }
}
