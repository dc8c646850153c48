package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.SessionEnd;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A session under switches at other values than usual: its polls, its silence, its end, its signs of life. */
class SessionSwitchesTest {
    private static <T> Bench bench(Switch<T> point, T value) {
        return Bench.asGiven(SimulatedNode.builder()
                .nodes(1)
                .with(Switch.IDLE_POLL, Duration.ofMillis(5))
                .with(point, value));
    }

    @Test
    void a_slow_accept_poll_keeps_everybody_waiting() {
        Bench bench = bench(Switch.ACCEPT_POLL, Duration.ofSeconds(10));
        bench.knocks();
        bench.knocks();
        bench.host.advance(Duration.ofSeconds(10));
        assertThat(bench.node.accepted()).isEqualTo(1);
        bench.host.advance(Duration.ofSeconds(10));

        assertThat(bench.node.accepted()).isEqualTo(2);
    }

    @Test
    void a_slow_look_at_a_session_delays_its_answers() {
        Bench bench = Bench.asGiven(SimulatedNode.builder()
                .with(Switch.ACTIVE_POLL, Duration.ofMillis(700))
                .with(Switch.IDLE_POLL, Duration.ofMillis(700)));
        Bench.Client client = bench.connect();
        client.beats(0);
        bench.host.advance(Duration.ofMillis(500));
        assertThat(client.received()).isEmpty();
        bench.host.advance(Duration.ofMillis(200));

        assertThat(client.statuses()).hasSize(1);
    }

    @Test
    void a_client_is_looked_at_when_it_is_accepted_and_then_in_the_nodes_own_rhythm() {
        Bench bench = Bench.asGiven(SimulatedNode.builder().with(Switch.IDLE_POLL, Duration.ofSeconds(10)));
        Bench.Client client = bench.knocks();
        client.beats(0);
        while (client.statuses().isEmpty()) {
            bench.host.advance(Duration.ofMillis(1));
        }
        assertThat(bench.host.nanoTime()).isLessThan(Duration.ofMillis(110).toNanos());
        bench.host.advance(Duration.ofSeconds(2 + 3)); // 2 s until it counts as quiet
        client.beats(0);
        bench.host.advance(Duration.ofMillis(6900));
        assertThat(client.statuses()).hasSize(1);
        bench.host.advance(Duration.ofMillis(200));

        assertThat(client.statuses()).hasSize(2);
    }

    @Test
    void a_quiet_session_is_looked_at_less_often_than_a_busy_one() {
        Bench bench = Bench.asGiven(SimulatedNode.builder().with(Switch.IDLE_POLL, Duration.ofMinutes(5)));
        Bench.Client client = bench.connect();
        client.beats(0);
        while (client.statuses().isEmpty()) {
            bench.host.advance(Duration.ofMillis(1));
        }
        client.beats(0);
        bench.host.advance(Duration.ofMillis(5));
        assertThat(client.statuses()).hasSize(2);
        bench.host.advance(Duration.ofSeconds(2));
        client.beats(0);
        bench.host.advance(Duration.ofSeconds(1));
        assertThat(client.statuses()).hasSize(2);
        bench.host.advance(Duration.ofMinutes(5));

        assertThat(client.statuses()).hasSize(3);
    }

    @Test
    void without_an_idle_limit_a_silent_client_stays() {
        Bench bench = bench(Switch.IDLE_TIMEOUT, Duration.ZERO);
        Bench.Client client = bench.ready();
        bench.host.advance(Duration.ofDays(2));

        assertThat(client.end).isEqualTo("none");
    }

    @Test
    void a_short_idle_limit_counts_from_the_last_frame_and_empty_ones_count() {
        Bench bench = bench(Switch.IDLE_TIMEOUT, Duration.ofSeconds(10));
        Bench.Client client = bench.ready();
        bench.host.advance(Duration.ofSeconds(9));
        client.writes(NodeFraming.frame(new byte[0]));
        bench.host.advance(Duration.ofSeconds(9));
        client.writes(new byte[] {1, 2, 3});
        assertThat(client.end).isEqualTo("none");
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(client.end).as("bytes that are no frame do not count").isEqualTo("FIN");
    }

    @Test
    void a_node_that_always_resets_does_so_at_an_eviction_and_at_a_goodbye() {
        Bench bench = bench(Switch.SESSION_END, SessionEnd.RST);
        Bench.Client first = bench.ready();
        Bench.Client second = bench.ready();
        second.disconnects();
        bench.host.advance(Bench.MOMENT);

        assertThat(first.end).isEqualTo("RST");
        assertThat(second.end).isEqualTo("RST");
    }

    @Test
    void a_node_that_always_ends_in_order_does_so_with_bytes_unread() {
        Bench bench = bench(Switch.SESSION_END, SessionEnd.FIN);
        Bench.Client client = bench.ready();
        client.disconnects();
        client.beats(0);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void a_node_that_does_not_notice_the_clients_end_keeps_its_place() {
        Bench bench = bench(Switch.END_NOTICED, false);
        Bench.Client client = bench.ready();
        client.leaves();
        bench.host.advance(Duration.ofMinutes(10));
        assertThat(client.end).isEqualTo("none");
        bench.connect();

        assertThat(client.end).isEqualTo("FIN");
        assertThat(bench.node.evictions()).as("a client that had left").isZero();
    }

    @Test
    void a_half_closed_client_is_served_on_by_a_node_that_does_not_notice() {
        Bench bench = bench(Switch.END_NOTICED, false);
        Bench.Client client = bench.ready();
        client.leaves();
        bench.node.peers().get(0).says("still there?");
        bench.host.advance(Bench.MOMENT);

        assertThat(client.texts()).containsExactly("still there?");
    }

    @Test
    void a_write_that_comes_back_frees_the_place_even_so() {
        Bench bench = bench(Switch.END_NOTICED, false);
        Bench.Client client = bench.ready();
        client.leaves();
        client.breaks();
        bench.node.peers().get(0).says("to the next one");

        assertThat(client.end).isEqualTo("FIN");
        assertThat(client.texts()).isEmpty();
        Bench.Client next = bench.connect();
        next.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        assertThat(next.texts()).containsExactly("to the next one");
    }

    @Test
    void what_an_aborted_connection_had_not_brought_home_is_lost() {
        Bench bench = bench(Switch.END_NOTICED, true);
        Bench.Client client = bench.ready();
        client.sends(Bench.broadcast(5, "never read"));
        client.breaks();

        assertThat(bench.node.sent()).isEmpty();
    }

    @Test
    void more_than_the_node_keeps_unread_waits_with_the_client() {
        Bench bench = bench(Switch.ACTIVE_POLL, Duration.ofSeconds(1));
        Bench.Client client = bench.ready();
        client.writes(new byte[60_000]);
        client.writes(new byte[60_000]);
        client.writes(new byte[60_000]);
        assertThat(client.unwritten()).isEqualTo(60_000);
        bench.host.advance(Duration.ofSeconds(3));

        assertThat(client.unwritten()).isZero();
        client.forget();
        client.beats(0);
        bench.host.advance(Duration.ofSeconds(1));
        assertThat(client.statuses()).hasSize(1);
    }

    @Test
    void old_firmware_does_not_answer_heartbeats_and_takes_nonce_1_for_any_other() {
        Bench bench = Bench.of(SimulatedNode.builder().nodes(1).firmware(FirmwareProfile.V2_6));
        Bench.Client client = bench.ready();
        client.beats(0);
        client.beats(1);
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.received()).isEmpty();
        assertThat(bench.node.sent()).isEmpty();
    }

    @Test
    void a_heartbeat_with_nonce_1_is_answered_by_firmware_that_does_not_introduce_itself() {
        Bench bench = bench(Switch.HEARTBEAT_ANNOUNCES, false);
        Bench.Client client = bench.ready();
        client.beats(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.statuses()).hasSize(1).first().matches(status -> status.getMeshPacketId() == 0);
    }

    @Test
    void five_heartbeats_in_one_write_get_one_answer_before_any_handshake() {
        Bench bench = bench(Switch.HEARTBEAT_ANSWERED, true);
        Bench.Client client = bench.connect();
        for (int i = 0; i < 5; i++) {
            client.beats(0);
        }
        bench.host.advance(Bench.MOMENT);

        assertThat(client.statuses()).hasSize(1);
    }

    @Test
    void a_packet_is_sent_before_any_handshake_and_its_status_waits() {
        Bench bench = bench(Switch.HEARTBEAT_ANSWERED, true);
        Bench.Client client = bench.connect();
        client.sent(Bench.broadcast(5, "hello"));
        bench.host.advance(Duration.ofSeconds(1));
        assertThat(bench.node.sent()).hasSize(1);
        assertThat(client.received()).isEmpty();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received()).last().matches(FromRadio::hasQueueStatus);
    }

    @Test
    void a_dump_told_little_by_little_is_the_same_dump() {
        Bench whole = bench(Switch.DUMP_FRAMES_PER_POLL, 0);
        Bench bench = bench(Switch.DUMP_FRAMES_PER_POLL, 10);
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(Duration.ofMillis(5));
        assertThat(client.received()).hasSize(10);
        bench.node.peers().get(0).says("meanwhile");
        client.beats(0);
        bench.host.advance(Duration.ofMillis(5));
        assertThat(client.received()).hasSize(21).element(10).matches(FromRadio::hasQueueStatus);
        bench.host.advance(Duration.ofMillis(40));

        assertThat(client.texts()).containsExactly("meanwhile");
        Bench.Client other = whole.connect();
        other.wantsConfig(1);
        whole.host.advance(Bench.MOMENT);
        assertThat(client.received()).hasSize(other.received().size() + 2);
    }

    @Test
    void firmware_that_resyncs_loses_no_frame_to_a_stray_first_byte() {
        Bench bench = bench(Switch.RESYNC, true);
        Bench.Client client = bench.connect();
        for (int[] rubbish : new int[][] {{0x94}, {0x94, 0xC3}, {0x94, 0xC3, 0xFF}, {0x94, 0xC3, 0x02, 0x94, 0x94}}) {
            for (int next : rubbish) {
                client.writes(new byte[] {(byte) next});
            }
            client.beats(0);
            bench.host.advance(Bench.MOMENT);
        }

        assertThat(client.statuses()).hasSize(4);
    }
}
