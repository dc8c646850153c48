package dev.meshlease.testkit;

import static dev.meshlease.testkit.Bench.broadcast;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How often a client may send, and which ids. */
class SendLimitsTest {
    private final Bench bench = Bench.of(SimulatedNode.builder().nodes(1));
    private final Bench.Client client = bench.ready();
    private final int peer = bench.node.peers().get(0).id().number();

    private static MeshPacket report(PortNum port, int id) {
        return Bench.packet(NodeId.BROADCAST.number(), id, port, ByteString.EMPTY);
    }

    private MeshPacket trace(int id) {
        return Bench.packet(peer, id, PortNum.TRACEROUTE_APP, ByteString.EMPTY);
    }

    @Test
    void the_second_of_two_texts_within_two_seconds_is_dropped_but_looks_sent() {
        client.sent(broadcast(1, "one"));
        client.sent(broadcast(2, "two"));
        bench.host.advance(Duration.ofSeconds(30));

        assertThat(client.statuses()).extracting(QueueStatus::getMeshPacketId).containsExactly(1, 2);
        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(0, 0);
        assertThat(client.packets()).isEmpty();
        assertThat(bench.node.sent()).hasSize(1);
        assertThat(bench.node.silentDrops().rateLimited()).isEqualTo(1);
    }

    @Test
    void a_text_that_names_its_sender_learns_of_the_rate_limit() {
        client.sent(broadcast(1, "one"));
        client.sent(broadcast(2, "two").toBuilder()
                .setFrom(bench.node.id().number())
                .build());

        assertThat(client.verdicts()).containsExactly(Routing.Error.RATE_LIMIT_EXCEEDED);
    }

    @Test
    void a_node_that_addresses_its_refusal_well_tells_any_client() {
        Bench polite = Bench.of(SimulatedNode.builder().with(Switch.REFUSAL_MISDIRECTED, false));
        Bench.Client hers = polite.ready();
        hers.sent(broadcast(1, "one"));
        hers.sent(broadcast(2, "two"));

        assertThat(hers.verdicts()).containsExactly(Routing.Error.RATE_LIMIT_EXCEEDED);
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

    @ParameterizedTest
    @EnumSource(names = {"POSITION_APP", "WAYPOINT_APP", "ALERT_APP", "TELEMETRY_APP"})
    void reports_of_a_kind_come_ten_seconds_apart(PortNum port) {
        client.sent(report(port, 1));
        bench.host.advance(Duration.ofMillis(9900));
        client.sent(report(port, 2));
        bench.host.advance(Duration.ofMillis(100));
        client.sent(report(port, 3));

        assertThat(bench.node.sent()).extracting(MeshPacket::getId).containsExactly(1, 3);
    }

    @Test
    void reports_of_two_kinds_do_not_mind_each_other() {
        client.sent(report(PortNum.POSITION_APP, 1));
        client.sent(report(PortNum.TELEMETRY_APP, 2));

        assertThat(bench.node.sent()).hasSize(2);
    }

    @Test
    void traceroutes_come_thirty_seconds_apart_and_the_client_is_told() {
        client.sent(trace(1));
        bench.host.advance(Duration.ofSeconds(29));
        client.forget();
        client.sent(trace(2));

        assertThat(client.received())
                .filteredOn(FromRadio::hasClientNotification)
                .extracting(message -> message.getClientNotification().getReplyId())
                .containsExactly(2);
        assertThat(client.statuses()).extracting(QueueStatus::getRes).containsExactly(0);
        assertThat(bench.node.sent()).hasSize(1);
    }

    @Test
    void a_traceroute_to_all_must_not_leave_the_neighbourhood() {
        client.sent(report(PortNum.TRACEROUTE_APP, 1));
        client.sent(report(PortNum.TRACEROUTE_APP, 2).toBuilder().setHopLimit(0).build());

        assertThat(bench.node.sent()).extracting(MeshPacket::getId).containsExactly(2);
    }

    @Test
    void the_intervals_can_be_others() {
        Bench other = Bench.of(SimulatedNode.builder()
                .with(Switch.TEXT_INTERVAL, Duration.ofSeconds(5))
                .with(Switch.REPORT_INTERVAL, Duration.ofSeconds(1))
                .with(Switch.TRACEROUTE_INTERVAL, Duration.ofSeconds(2)));
        Bench.Client hers = other.ready();
        for (int second = 0; second <= 5; second++) {
            hers.sends(broadcast(10 + second, "text"));
            hers.sends(report(PortNum.POSITION_APP, 20 + second));
            hers.sends(trace(30 + second));
            other.host.advance(Duration.ofSeconds(1));
        }

        assertThat(other.node.sent())
                .extracting(MeshPacket::getId)
                .containsExactly(10, 20, 30, 21, 22, 32, 23, 24, 34, 15, 25);
    }

    @Test
    void without_intervals_everything_passes() {
        Bench free = Bench.of(SimulatedNode.builder()
                .with(Switch.TEXT_INTERVAL, Duration.ZERO)
                .with(Switch.REPORT_INTERVAL, Duration.ZERO)
                .with(Switch.TRACEROUTE_INTERVAL, Duration.ZERO));
        Bench.Client hers = free.ready();
        for (int id = 1; id <= 9; id += 3) {
            hers.sends(broadcast(id, "text"));
            hers.sends(report(PortNum.POSITION_APP, id + 1));
            hers.sends(trace(id + 2));
        }
        free.host.advance(Bench.MOMENT);

        assertThat(free.node.sent()).hasSize(9);
    }

    private static void sendsIds(Bench bench, Bench.Client client, int... ids) {
        for (int id : ids) {
            client.sent(Bench.plain(NodeId.BROADCAST.number(), id));
            bench.host.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void an_id_among_the_last_twenty_is_dropped_without_a_word() {
        for (int id = 1; id <= 21; id++) {
            sendsIds(bench, client, id);
        }
        client.forget();
        sendsIds(bench, client, 2);
        assertThat(client.received()).isEmpty();
        assertThat(bench.node.silentDrops().repeatedIds()).isEqualTo(1);
        sendsIds(bench, client, 1);

        assertThat(client.statuses()).hasSize(1);
    }

    @Test
    void the_memory_for_ids_can_be_shorter_or_none() {
        Bench forgetful = Bench.of(SimulatedNode.builder().with(Switch.ID_MEMORY, 2));
        sendsIds(forgetful, forgetful.ready(), 1, 2, 2, 3, 1, 2);
        Bench without = Bench.of(SimulatedNode.builder().with(Switch.ID_MEMORY, 0));
        sendsIds(without, without.ready(), 1, 1);

        assertThat(forgetful.node.sent()).extracting(MeshPacket::getId).containsExactly(1, 2, 3, 1, 2);
        assertThat(without.node.sent()).extracting(MeshPacket::getId).containsExactly(1, 1);
    }
}
