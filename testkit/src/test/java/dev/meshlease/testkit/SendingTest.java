package dev.meshlease.testkit;

import static dev.meshlease.testkit.Bench.broadcast;
import static dev.meshlease.testkit.Bench.text;
import static dev.meshlease.testkit.Bench.verdict;
import static dev.meshlease.testkit.Bench.wantingAck;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
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
    void a_broadcast_that_somebody_repeats_is_acknowledged_by_the_node_itself() {
        client.sent(wantingAck(broadcast(42, "hi")));
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.packets()).singleElement().satisfies(ack -> {
            assertThat(new NodeId(ack.getFrom())).isEqualTo(bench.node.id());
            assertThat(new NodeId(ack.getTo())).isEqualTo(bench.node.id());
            assertThat(ack.getDecoded().getRequestId()).isEqualTo(42);
            assertThat(verdict(ack)).isEqualTo(Routing.Error.NONE);
        });
    }

    @Test
    void a_direct_text_is_acknowledged_by_its_destination() {
        client.sent(wantingAck(text(peer.id().number(), 42, "hi")));
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.packets()).singleElement().satisfies(ack -> {
            assertThat(new NodeId(ack.getFrom())).isEqualTo(peer.id());
            assertThat(ack.getDecoded().getRequestId()).isEqualTo(42);
            assertThat(verdict(ack)).isEqualTo(Routing.Error.NONE);
        });
    }

    @Test
    void without_wanting_one_nobody_gets_an_ack() {
        client.sent(text(peer.id().number(), 42, "hi"));
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(client.packets()).isEmpty();
    }

    @Test
    void a_text_for_nobody_fails_after_three_attempts() {
        client.sent(wantingAck(text(0xABADFACE, 42, "hi")));
        bench.host.advance(Duration.ofSeconds(20));
        assertThat(client.packets()).isEmpty();
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(client.packets()).singleElement().satisfies(nak -> {
            assertThat(new NodeId(nak.getFrom())).isEqualTo(bench.node.id());
            assertThat(verdict(nak)).isEqualTo(Routing.Error.MAX_RETRANSMIT);
        });
        assertThat(bench.node.sent()).hasSize(1);
    }

    @Test
    void a_peer_that_answers_again_is_reached_by_the_second_attempt() {
        peer.answers(false);
        client.sent(wantingAck(text(peer.id().number(), 42, "hi")));
        bench.host.advance(Duration.ofSeconds(3));
        peer.answers(true);
        bench.host.advance(Duration.ofSeconds(30));

        assertThat(client.packets()).extracting(Bench::verdict).containsExactly(Routing.Error.NONE);
    }

    @Test
    void the_second_of_two_texts_within_two_seconds_is_dropped_but_looks_sent() {
        client.sent(broadcast(1, "one"));
        client.sent(broadcast(2, "two"));
        bench.host.advance(Duration.ofSeconds(30));

        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(0, 0);
        assertThat(client.packets()).isEmpty();
        assertThat(bench.node.sent()).hasSize(1);
        assertThat(bench.node.silentDrops().rateLimited()).isEqualTo(1);
    }

    @Test
    void a_text_that_names_its_sender_learns_of_the_rate_limit() {
        MeshPacket second = broadcast(2, "two").toBuilder()
                .setFrom(bench.node.id().number())
                .build();
        client.sent(broadcast(1, "one"));
        client.sent(second);

        assertThat(client.packets()).extracting(Bench::verdict).containsExactly(Routing.Error.RATE_LIMIT_EXCEEDED);
    }

    @Test
    void a_refused_text_does_not_prolong_the_interval_and_another_connection_has_its_own() {
        client.sent(broadcast(1, "one"));
        bench.host.advance(Duration.ofMillis(1900));
        client.sent(broadcast(2, "two"));
        bench.host.advance(Duration.ofMillis(100));
        client.sent(broadcast(3, "three"));
        bench.ready().sent(broadcast(4, "four"));

        assertThat(bench.node.sent()).extracting(MeshPacket::getId).containsExactly(1, 3, 4);
    }

    @Test
    void traceroutes_come_thirty_seconds_apart_and_the_client_is_told() {
        MeshPacket trace = Bench.packet(peer.id().number(), 1, PortNum.TRACEROUTE_APP, ByteString.EMPTY);
        client.sent(trace);
        bench.host.advance(Duration.ofSeconds(29));
        client.forget();
        client.sent(trace.toBuilder().setId(2).build());

        assertThat(client.received())
                .filteredOn(FromRadio::hasClientNotification)
                .extracting(message -> message.getClientNotification().getReplyId())
                .containsExactly(2);
        assertThat(bench.node.sent()).hasSize(1);
    }

    @Test
    void an_id_among_the_last_twenty_is_dropped_without_a_word() {
        for (int id = 1; id <= 21; id++) {
            client.sent(Bench.packet(peer.id().number(), id, PortNum.PRIVATE_APP, ByteString.EMPTY));
        }
        client.forget();
        client.sent(Bench.packet(peer.id().number(), 2, PortNum.PRIVATE_APP, ByteString.EMPTY));
        assertThat(client.received()).isEmpty();
        assertThat(bench.node.silentDrops().repeatedIds()).isEqualTo(1);
        client.sent(Bench.packet(peer.id().number(), 1, PortNum.PRIVATE_APP, ByteString.EMPTY));

        assertThat(client.statuses()).hasSize(1);
    }

    @Test
    void sizes_up_to_232_pass_up_to_239_are_refused_and_above_vanish() {
        client.sent(broadcast(1, "x".repeat(232)));
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(broadcast(2, "x".repeat(233)));
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(broadcast(3, "x".repeat(239)));
        bench.host.advance(Duration.ofSeconds(2));
        client.sent(broadcast(4, "x".repeat(240)));

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
    void of_many_packets_at_once_sixteen_are_taken_and_two_verdicts_survive() {
        for (int id = 1; id <= 24; id++) {
            client.sends(Bench.packet(peer.id().number(), id, PortNum.PRIVATE_APP, ByteString.EMPTY));
        }
        bench.host.advance(Duration.ofMillis(10));

        assertThat(bench.node.sent()).hasSize(16);
        assertThat(client.statuses()).extracting(QueueStatus::getMeshPacketId).containsExactly(23, 24);
        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(32, 32);
        assertThat(bench.node.silentDrops().queueStatuses()).isEqualTo(22);
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
}
