package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.testkit.node.Switch;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several ways to a node have one queue: what one gives away the others do not have. */
class SharedQueueTest {
    private final Bench bench = Bench.asGiven(SimulatedNode.builder().nodes(1));

    private void says(int count) {
        for (int i = 0; i < count; i++) {
            bench.node.peers().get(0).says("text " + i);
            bench.host.advance(Duration.ofMillis(100));
        }
        bench.host.advance(Duration.ofSeconds(1));
    }

    @Test
    void each_packet_goes_to_the_network_or_to_the_serial_port() {
        Bench.Client network = bench.connect();
        network.wantsConfig(1);
        Bench.Client serial = bench.plug();
        serial.wantsConfig(2);
        bench.host.advance(Duration.ofSeconds(1));
        says(30);

        List<String> both = new ArrayList<>(network.texts());
        both.addAll(serial.texts());
        assertThat(both)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 30).mapToObj(i -> "text " + i).toList());
        assertThat(network.end).isEqualTo("none");
        assertThat(bench.node.accepted()).as("the console is no connection").isEqualTo(1);
    }

    @Test
    void a_serial_port_that_nobody_uses_takes_nothing() {
        Bench.Client network = bench.connect();
        network.wantsConfig(1);
        bench.plug();
        bench.host.advance(Duration.ofSeconds(1));
        says(10);

        assertThat(network.texts()).hasSize(10);
    }

    @Test
    void a_forgotten_tab_steals_what_it_finds_before_the_client_does() {
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(Duration.ofSeconds(1));
        ForgottenTab tab = bench.node.forgottenTab(Duration.ofMillis(70));
        says(40);
        int stolen = tab.packets();
        assertThat(stolen).isBetween(5, 35);
        assertThat(client.texts()).hasSize(40 - stolen);
        tab.close();
        tab.close();
        says(10);

        assertThat(tab.packets()).isEqualTo(stolen);
        assertThat(client.texts()).hasSize(50 - stolen);
    }

    @Test
    void a_forgotten_tab_takes_queue_statuses_too_and_outlives_a_restart() {
        ForgottenTab tab = bench.node.forgottenTab(Duration.ofMillis(10));
        Bench.Client client = bench.connect();
        client.sends(Bench.broadcast(5, "hello"));
        bench.host.advance(Duration.ofSeconds(1));
        assertThat(tab.others()).isEqualTo(2);
        bench.node.reboot();
        bench.host.advance(Duration.ofSeconds(10));
        says(3);

        assertThat(tab.packets()).isEqualTo(3);
    }

    @Test
    void a_tab_that_looks_all_the_time_is_no_tab() {
        assertThatThrownBy(() -> bench.node.forgottenTab(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void streams_have_no_place_in_virtual_time() {
        VirtualEnvironment environment = VirtualEnvironment.create(1);
        try (SimulatedNode node =
                SimulatedNode.builder().with(Switch.OWN_TELEMETRY, true).start(environment)) {
            assertThatThrownBy(() -> node.attachSerial(InputStream.nullInputStream(), OutputStream.nullOutputStream()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("virtual time");
        }
    }
}
