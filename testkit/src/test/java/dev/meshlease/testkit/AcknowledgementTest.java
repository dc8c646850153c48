package dev.meshlease.testkit;

import static dev.meshlease.testkit.Bench.broadcast;
import static dev.meshlease.testkit.Bench.text;
import static dev.meshlease.testkit.Bench.wantingAck;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a client learns of the fate of what it sent. */
class AcknowledgementTest {
    private static final int NOBODY = 0xABADFACE;

    private final Bench bench = Bench.of(SimulatedNode.builder().nodes(1));
    private final Bench.Client client = bench.ready();
    private final SimulatedPeer peer = bench.node.peers().get(0);

    private static MeshPacket toNobody(int id) {
        return wantingAck(Bench.packet(NOBODY, id, PortNum.POSITION_APP, ByteString.EMPTY));
    }

    private void sees(MeshPacket packet, NodeId from, Routing.Error verdict) {
        assertThat(new NodeId(packet.getFrom())).isEqualTo(from);
        assertThat(new NodeId(packet.getTo())).isEqualTo(bench.node.id());
        assertThat(packet.getDecoded().getRequestId()).isEqualTo(42);
        assertThat(Bench.verdict(packet)).isEqualTo(verdict);
    }

    @Test
    void a_broadcast_that_somebody_repeats_is_acknowledged_by_the_node_itself() {
        client.sent(wantingAck(broadcast(42, "hi")));
        bench.host.advance(Duration.ofSeconds(30));

        assertThat(client.packets()).singleElement().satisfies(ack -> sees(ack, bench.node.id(), Routing.Error.NONE));
    }

    @Test
    void a_broadcast_without_hops_is_repeated_by_nobody() {
        client.sent(broadcast(1, "hi").toBuilder().setHopLimit(0).build());
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(client.packets()).isEmpty();
    }

    @Test
    void a_direct_text_is_acknowledged_by_its_destination() {
        client.sent(wantingAck(text(peer.id().number(), 42, "hi")));
        bench.host.advance(Duration.ofSeconds(30));

        assertThat(client.packets()).singleElement().satisfies(ack -> sees(ack, peer.id(), Routing.Error.NONE));
    }

    @Test
    void a_direct_text_to_afar_is_acknowledged_on_the_way_first() {
        peer.via(NodeId.of("!000000aa"), NodeId.of("!000000bb"));
        client.sent(wantingAck(text(peer.id().number(), 42, "hi")));
        bench.host.advance(Duration.ofSeconds(30));

        assertThat(client.packets()).hasSize(2);
        sees(client.packets().get(0), bench.node.id(), Routing.Error.NONE);
        sees(client.packets().get(1), peer.id(), Routing.Error.NONE);
    }

    @Test
    void too_few_hops_do_not_reach_afar() {
        peer.via(NodeId.of("!000000aa"), NodeId.of("!000000bb"));
        client.sent(wantingAck(
                text(peer.id().number(), 42, "hi").toBuilder().setHopLimit(1).build()));
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(client.packets()).singleElement().satisfies(ack -> sees(ack, bench.node.id(), Routing.Error.NONE));
    }

    @Test
    void without_wanting_one_nobody_gets_an_ack() {
        client.sent(text(peer.id().number(), 42, "hi"));
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(client.packets()).isEmpty();
    }

    @Test
    void what_nobody_hears_fails_after_three_attempts() {
        client.sent(toNobody(42));
        bench.host.advance(Duration.ofSeconds(20));
        assertThat(client.packets()).isEmpty();
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(client.packets())
                .singleElement()
                .satisfies(nak -> sees(nak, bench.node.id(), Routing.Error.MAX_RETRANSMIT));
        assertThat(bench.node.sent()).hasSize(1);
    }

    @Test
    void the_time_between_attempts_can_be_another() {
        Bench hasty = Bench.of(SimulatedNode.builder().with(Switch.RETRANSMIT_AFTER, Duration.ofSeconds(1)));
        Bench.Client hers = hasty.ready();
        hers.sent(toNobody(42));
        hasty.host.advance(Duration.ofMillis(2900));
        assertThat(hers.verdicts()).isEmpty();
        hasty.host.advance(Duration.ofMillis(200));

        assertThat(hers.verdicts()).containsExactly(Routing.Error.MAX_RETRANSMIT);
    }

    @Test
    void a_late_ack_follows_the_failure() {
        peer.answersAfter(Duration.ofSeconds(25));
        client.sent(wantingAck(text(peer.id().number(), 42, "hi")));
        bench.host.advance(Duration.ofMinutes(2));

        assertThat(client.packets()).hasSize(2);
        sees(client.packets().get(0), bench.node.id(), Routing.Error.MAX_RETRANSMIT);
        sees(client.packets().get(1), peer.id(), Routing.Error.NONE);
    }

    @Test
    void a_peer_that_answers_again_is_reached_by_the_second_attempt() {
        peer.answers(false);
        client.sent(wantingAck(text(peer.id().number(), 42, "hi")));
        bench.host.advance(Duration.ofSeconds(3));
        peer.answers(true);
        bench.host.advance(Duration.ofSeconds(30));

        assertThat(client.verdicts()).containsExactly(Routing.Error.NONE);
    }

    @Test
    void the_mesh_can_be_slower() {
        Bench slow = Bench.of(SimulatedNode.builder().nodes(1).with(Switch.MESH_DELAY, Duration.ofSeconds(3)));
        Bench.Client hers = slow.ready();
        hers.sent(wantingAck(broadcast(42, "hi")));
        slow.host.advance(Duration.ofMillis(2900));
        assertThat(hers.packets()).isEmpty();
        slow.host.advance(Duration.ofMillis(500));

        assertThat(hers.verdicts()).containsExactly(Routing.Error.NONE);
    }
}
