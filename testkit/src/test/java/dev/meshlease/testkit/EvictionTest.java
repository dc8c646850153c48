package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EvictionTest {
    private final Bench bench = Bench.of(SimulatedNode.builder().nodes(1));

    @Test
    void a_second_client_ends_the_first_even_if_it_says_nothing() {
        Bench.Client first = bench.ready();
        Bench.Client second = bench.connect();

        assertThat(first.end).isEqualTo("FIN");
        assertThat(second.end).isEqualTo("none");
        assertThat(bench.node.evictions()).isEqualTo(1);
        assertThat(bench.node.accepted()).isEqualTo(2);
    }

    @Test
    void unread_bytes_of_the_first_turn_the_end_into_a_reset() {
        Bench.Client first = bench.ready();
        Bench.Client second = bench.knocks();
        while (first.end.equals("none")) {
            first.beats(0);
            bench.host.advance(Duration.ofMillis(1));
        }

        assertThat(first.end).isEqualTo("RST");
        assertThat(second.end).isEqualTo("none");
    }

    @Test
    void the_first_lives_on_until_the_firmware_looks_at_the_second() {
        Bench.Client first = bench.ready();
        bench.knocks();

        assertThat(first.end).isEqualTo("none");
        bench.host.advance(Duration.ofMillis(100));
        assertThat(first.end).isEqualTo("FIN");
    }

    @Test
    void many_at_once_are_accepted_one_every_hundred_milliseconds() {
        Bench.Client[] clients = {bench.knocks(), bench.knocks(), bench.knocks()};
        bench.host.advance(Duration.ofMillis(100));
        assertThat(bench.node.accepted()).isEqualTo(1);
        bench.host.advance(Duration.ofMillis(100));
        assertThat(bench.node.accepted()).isEqualTo(2);
        bench.host.advance(Duration.ofMillis(100));

        assertThat(bench.node.accepted()).isEqualTo(3);
        assertThat(clients[0].end).isEqualTo("FIN");
        assertThat(clients[1].end).isEqualTo("FIN");
        assertThat(clients[2].end).isEqualTo("none");
    }

    @Test
    void bytes_written_before_the_accept_are_answered_after_it() {
        Bench.Client client = bench.knocks();
        client.wantsConfig(3);
        bench.host.advance(Bench.ACCEPTED);

        assertThat(client.received()).anyMatch(FromRadio::hasConfigCompleteId);
    }

    @Test
    void a_client_that_left_is_not_evicted() {
        bench.ready().leaves();
        bench.connect();

        assertThat(bench.node.evictions()).isZero();
    }

    @Test
    void what_a_client_wrote_before_it_left_is_still_done() {
        Bench.Client client = bench.ready();
        client.sends(Bench.broadcast(5, "last words"));
        client.leaves();
        bench.host.advance(Bench.MOMENT);

        assertThat(bench.node.sent()).hasSize(1);
        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void evict_client_takes_the_slot_and_leaves_it() {
        Bench.Client client = bench.ready();
        bench.node.evictClient();

        assertThat(client.end).isEqualTo("FIN");
        assertThat(bench.node.evictions()).isEqualTo(1);
        bench.ready();
        assertThat(bench.node.evictions()).isEqualTo(1);
    }

    @Test
    void a_disconnect_message_ends_the_session_in_order() {
        Bench.Client client = bench.ready();
        client.disconnects();
        bench.host.advance(Bench.MOMENT);

        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void bytes_behind_a_disconnect_message_turn_the_end_into_a_reset() {
        Bench.Client client = bench.ready();
        client.disconnects();
        client.beats(0);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.end).isEqualTo("RST");
    }

    @Test
    void a_client_that_says_nothing_for_fifteen_minutes_is_dropped_whatever_it_is_sent() {
        Bench.Client client = bench.ready();
        bench.host.advance(Duration.ofMinutes(14));
        bench.node.peers().get(0).says("are you there?");
        bench.host.advance(Duration.ofSeconds(59));
        assertThat(client.end).isEqualTo("none");
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void any_frame_keeps_a_session_alive_even_a_malformed_one() {
        Bench.Client client = bench.ready();
        bench.host.advance(Duration.ofMinutes(14));
        client.writes(NodeFraming.frame(new byte[] {(byte) 0xFF}));
        bench.host.advance(Duration.ofMinutes(14));

        assertThat(client.end).isEqualTo("none");
        assertThat(bench.node.silentDrops().undecodable()).isEqualTo(1);
    }

    @Test
    void a_closed_node_ends_its_clients_and_refuses_new_ones() {
        Bench.Client client = bench.ready();
        bench.node.close();

        assertThat(client.end).isEqualTo("FIN");
        assertThat(bench.knocks().end).isEqualTo("RST");
    }

    @Test
    void a_rival_that_the_node_has_not_looked_at_is_gone_when_it_restarts() {
        bench.ready();
        bench.host.schedule(1, bench.node::reboot);

        bench.node.evictClient();

        assertThat(bench.node.evictions()).isZero();
        assertThat(bench.node.accepted()).isEqualTo(1);
    }
}
