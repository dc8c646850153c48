package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.Newcomer;
import dev.meshlease.testkit.node.ShortWrite;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The node's server as clients in memory meet it: its backlog, its send buffer, its restarts. */
class MemoryServerTest {
    private static final byte[] HEARTBEAT = frame(ToRadio.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
    private static final byte[] HANDSHAKE = frame(ToRadio.newBuilder().setWantConfigId(7));

    private final VirtualEnvironment environment = VirtualEnvironment.create(1);

    private static byte[] frame(ToRadio.Builder message) {
        return NodeFraming.frame(message.build().toByteArray());
    }

    private MemoryClient connects() {
        return MemoryClient.connecting(environment, "node-1");
    }

    private static boolean isOpen(MemoryClient client) {
        return client.events.contains("opened");
    }

    private static String last(MemoryClient client) {
        return client.events.get(client.events.size() - 1);
    }

    @Test
    void of_ten_connects_at_once_six_get_through_and_four_are_tried_again_after_a_second() {
        try (SimulatedNode node =
                SimulatedNode.builder().with(Switch.BACKLOG, 5).start(environment)) {
            List<MemoryClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(connects());
            }
            environment.advance(Duration.ofMillis(900));
            assertThat(clients.subList(0, 6)).allMatch(MemoryServerTest::isOpen);
            assertThat(clients.subList(6, 10)).noneMatch(MemoryServerTest::isOpen);
            assertThat(clients.subList(0, 5)).allMatch(client -> last(client).equals("closed END_OF_STREAM"));
            environment.advance(Duration.ofMillis(200));
            assertThat(clients).allMatch(MemoryServerTest::isOpen);
            environment.advance(Duration.ofSeconds(1));

            assertThat(last(clients.get(9))).isEqualTo("opened");
            assertThat(node.evictions()).isEqualTo(9);
        }
    }

    @Test
    void a_connect_that_is_given_up_meanwhile_is_not_tried_again() {
        try (SimulatedNode node = SimulatedNode.builder()
                .with(Switch.BACKLOG, 1)
                .with(Switch.ACCEPT_POLL, Duration.ofSeconds(1))
                .start(environment)) {
            connects();
            connects();
            MemoryClient third = connects();
            environment.advance(Duration.ofMillis(10));
            third.closes();
            environment.advance(Duration.ofSeconds(10));

            assertThat(third.events).containsExactly("closed CLOSED");
            assertThat(node.accepted()).isEqualTo(2);
        }
    }

    @Test
    void a_connection_closed_before_it_was_accepted_evicts_all_the_same() {
        try (SimulatedNode node = SimulatedNode.builder().start(environment)) {
            MemoryClient first = MemoryClient.open(environment, "node-1");
            MemoryClient scan = connects();
            environment.advance(Duration.ofMillis(2));
            scan.aborts();
            environment.advance(Duration.ofSeconds(1));

            assertThat(last(first)).isEqualTo("closed END_OF_STREAM");
            assertThat(node.evictions()).isEqualTo(1);
        }
    }

    @Test
    void a_starving_client_in_memory_may_write_a_window_full() {
        try (SimulatedNode node =
                SimulatedNode.builder().with(Switch.NEWCOMER, Newcomer.STARVES).start(environment)) {
            MemoryClient first = MemoryClient.open(environment, "node-1");
            MemoryClient second = MemoryClient.open(environment, "node-1");
            second.writes(new byte[200_000]);
            environment.advance(Duration.ofSeconds(10));

            assertThat(second.backlog()).isPositive();
            assertThat(last(first)).isEqualTo("opened");
            assertThat(node.evictions()).isZero();
        }
    }

    @Test
    void what_exceeds_the_send_buffer_waits_for_the_client_to_read() {
        environment.transport().latency(Duration.ofMillis(100));
        try (SimulatedNode node = SimulatedNode.builder()
                .nodes(20)
                .with(Switch.IDLE_POLL, Duration.ofMillis(5))
                .with(Switch.SEND_BUFFER, 1000)
                .start(environment)) {
            MemoryClient client = MemoryClient.open(environment, "node-1");
            client.writes(HANDSHAKE);
            environment.advance(Duration.ofMillis(300));
            assertThat(client.received()).hasSize(1000);
            environment.advance(Duration.ofSeconds(5));

            assertThat(client.received()).hasSizeGreaterThan(3000).containsSequence(frameOfCompleteId());
            assertThat(node.evictions()).isZero();
        }
    }

    private static byte[] frameOfCompleteId() {
        return NodeFraming.frame(
                FromRadio.newBuilder().setConfigCompleteId(7).build().toByteArray());
    }

    @Test
    void a_node_without_patience_closes_where_the_way_is_too_long_for_its_buffer() {
        environment.transport().latency(Duration.ofMillis(100));
        try (SimulatedNode node = SimulatedNode.builder()
                .with(Switch.SEND_BUFFER, 100)
                .with(Switch.WRITE_WAIT, Duration.ZERO)
                .with(Switch.SHORT_WRITE, ShortWrite.CLOSE)
                .start(environment)) {
            MemoryClient client = MemoryClient.open(environment, "node-1");
            client.writes(HANDSHAKE);
            environment.advance(Duration.ofSeconds(1));

            assertThat(client.received()).hasSize(100);
            assertThat(last(client)).isEqualTo("closed END_OF_STREAM");
            assertThat(node.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_silent_restart_refuses_and_then_resets_what_comes_from_before() {
        try (SimulatedNode node = SimulatedNode.builder().start(environment)) {
            MemoryClient client = MemoryClient.open(environment, "node-1");
            node.reboot();
            client.writes(HEARTBEAT);
            environment.advance(Duration.ofSeconds(4));
            assertThat(last(client)).isEqualTo("opened");
            assertThat(last(MemoryClient.open(environment, "node-1"))).isEqualTo("closed REFUSED");
            environment.advance(Duration.ofSeconds(1));

            assertThat(last(client)).isEqualTo("closed RESET");
            assertThat(last(MemoryClient.open(environment, "node-1"))).isEqualTo("opened");
        }
    }

    @Test
    void a_client_that_says_nothing_to_the_node_that_forgot_it_is_reset_in_the_end() {
        try (SimulatedNode node = SimulatedNode.builder().start(environment)) {
            MemoryClient client = MemoryClient.open(environment, "node-1");
            node.reboot();
            environment.advance(Duration.ofSeconds(59));
            assertThat(last(client)).isEqualTo("opened");
            environment.advance(Duration.ofSeconds(2));

            assertThat(last(client)).isEqualTo("closed RESET");
        }
    }

    @Test
    void a_connection_that_waits_when_the_node_restarts_is_reset() {
        try (SimulatedNode node = SimulatedNode.builder()
                .with(Switch.ACCEPT_POLL, Duration.ofSeconds(60))
                .start(environment)) {
            MemoryClient client = connects();
            environment.advance(Duration.ofMillis(5));
            node.reboot();
            environment.advance(Duration.ofMillis(5));

            assertThat(last(client)).isEqualTo("closed RESET");
        }
    }

    @Test
    void a_stall_lasts_whatever_the_node_reads_meanwhile() {
        try (SimulatedNode node = SimulatedNode.builder().start(environment)) {
            MemoryClient client = MemoryClient.open(environment, "node-1");
            Endpoint endpoint = node.endpoint();
            environment.transport().stall(endpoint);
            client.writes(HEARTBEAT);
            environment.advance(Duration.ofSeconds(10));
            assertThat(client.received()).isEmpty();
            environment.transport().resume(endpoint);
            environment.advance(Duration.ofSeconds(1));

            assertThat(client.received()).isNotEmpty();
        }
    }
}
