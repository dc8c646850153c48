package dev.meshlease.testkit;

import static dev.meshlease.testkit.Faulty.CLEAN;
import static dev.meshlease.testkit.Faulty.asking;
import static dev.meshlease.testkit.Faulty.dump;
import static dev.meshlease.testkit.Faulty.faulty;
import static dev.meshlease.testkit.Faulty.isComplete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.node.Newcomer;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Faults of the node as a whole, and of its serial console. */
class NodeFaultsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    // The node

    @Test
    void connections_are_refused_for_a_while() {
        Bench bench = faulty(Fault.refuse(Duration.ofSeconds(5)));
        bench.host.advance(Bench.MOMENT);
        assertThat(bench.knocks().end).isEqualTo("RST");
        bench.host.advance(Duration.ofSeconds(4));
        assertThat(bench.knocks().end).isEqualTo("RST");
        bench.host.advance(SECOND);

        assertThat(dump(bench)).isEqualTo(CLEAN);
        assertThat(bench.node.faults().strikes()).isEqualTo(1);
    }

    @Test
    void a_refusal_that_is_called_off_is_over() {
        Bench bench = faulty();
        try (Injection refusal = bench.node.inject(Fault.refuse(Duration.ofHours(1)))) {
            assertThat(bench.knocks().end).isEqualTo("RST");
            assertThat(refusal.strikes()).isEqualTo(1);
        }
        assertThat(bench.connect().end).isEqualTo("none");
        bench.host.advance(Duration.ofHours(2));
        assertThat(bench.connect().end).isEqualTo("none");
    }

    @Test
    void a_restart_in_the_middle_of_a_handshake() {
        Bench bench = faulty(Fault.reboot().at(Point.CHANNEL).after(3).times(1));
        Bench.Client client = asking(bench);
        assertThat(client.end).isEqualTo("silence");
        assertThat(client.received()).filteredOn(FromRadio::hasChannel).hasSize(3);
        assertThat(client.received()).noneMatch(FromRadio::hasConfig);
        assertThat(bench.knocks().end).isEqualTo("RST");
        bench.host.advance(Duration.ofSeconds(6));

        assertThat(dump(bench)).isEqualTo(CLEAN);
    }

    @Test
    void a_rival_evicts_the_client_and_stays_until_it_is_evicted_itself() {
        Bench bench = faulty();
        Bench.Client client = bench.ready();
        Injection rival = bench.node.inject(Fault.rival().times(1));
        bench.host.advance(SECOND);
        assertThat(client.end).isEqualTo("FIN");
        assertThat(bench.node.accepted()).isEqualTo(2);
        Bench.Client again = bench.ready();
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(again.end).isEqualTo("none");
        assertThat(bench.node.evictions()).isEqualTo(2);
        assertThat(rival.strikes()).isEqualTo(1);
    }

    @Test
    void a_rival_takes_what_waits_for_a_client() {
        Bench bench = faulty();
        bench.ready();
        Injection rival = bench.node.inject(Fault.rival().times(1));
        bench.host.advance(SECOND);
        bench.node.peers().get(0).says("for the rival");
        bench.host.advance(SECOND);
        rival.close();
        bench.host.advance(SECOND);
        bench.node.peers().get(0).says("for the client");
        Bench.Client client = asking(bench);

        assertThat(client.texts()).containsExactly("for the client");
        assertThat(bench.node.evictions()).isEqualTo(1);
    }

    @Test
    void a_rival_each_time_evicts_each_client() {
        Bench bench = faulty(Fault.rival());
        for (int i = 0; i < 3; i++) {
            Bench.Client client = bench.connect();
            bench.host.advance(SECOND);
            assertThat(client.end).isEqualTo("FIN");
        }
        assertThat(bench.node.faults().strikes()).isEqualTo(3);
    }

    @Test
    void a_duel_goes_on_until_it_is_over() {
        Bench bench = faulty(Fault.duel(Duration.ofSeconds(2)).times(3));
        List<Bench.Client> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(bench.connect());
            bench.host.advance(Duration.ofSeconds(5));
        }

        assertThat(clients).extracting(client -> client.end).containsExactly("FIN", "FIN", "FIN", "none");
        assertThat(bench.node.evictions()).isEqualTo(6);
    }

    @Test
    void a_duel_survives_a_restart_of_the_node() {
        Bench bench = faulty(Fault.duel(Duration.ofSeconds(2)));
        bench.connect();
        bench.host.advance(SECOND);
        bench.node.reboot();
        bench.host.advance(Duration.ofSeconds(10));
        Bench.Client client = bench.connect();
        bench.host.advance(Duration.ofSeconds(3));

        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void a_starving_rival_evicts_nobody() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.NEWCOMER, Newcomer.STARVES));
        Bench.Client client = bench.ready();
        bench.node.inject(Fault.rival().times(1));
        bench.host.advance(Duration.ofSeconds(5));

        assertThat(client.end).isEqualTo("none");
        assertThat(bench.node.evictions()).isZero();
    }

    @Test
    void rivals_are_hit_by_nothing_and_do_not_count() {
        Bench bench = faulty(Fault.reset().connection(2), Fault.rival().times(1));
        bench.connect();
        bench.host.advance(Duration.ofMillis(300));
        assertThat(bench.node.accepted()).isEqualTo(2);

        assertThat(bench.connect().end).isEqualTo("RST");
    }

    // The serial console

    @Test
    void the_serial_console_has_its_faults_too() {
        Bench bench = Bench.of(SimulatedNode.builder()
                .variant(Variant.serialConsole())
                .fault(Fault.drop().at(Point.MY_INFO).times(1)));
        Bench.Client client = bench.turnOn();
        client.wantsConfig(1);
        bench.host.advance(SECOND);
        assertThat(client.received()).noneMatch(FromRadio::hasMyInfo);
        assertThat(isComplete(client)).isTrue();
        client.forget();
        client.wantsConfig(2);
        bench.host.advance(SECOND);

        assertThat(client.received()).anyMatch(FromRadio::hasMyInfo);
    }

    @Test
    void a_serial_cable_lasts_through_a_restart_in_the_middle_of_a_handshake() {
        Bench bench = Bench.of(SimulatedNode.builder()
                .variant(Variant.serialConsole())
                .fault(Fault.reboot().at(Point.CHANNEL).times(1)));
        Bench.Client client = bench.turnOn();
        client.wantsConfig(1);
        bench.host.advance(SECOND);
        assertThat(client.received()).noneMatch(FromRadio::hasChannel);
        client.forget();
        bench.host.advance(Duration.ofSeconds(10));
        assertThat(client.received()).anyMatch(FromRadio::getRebooted);
        client.wantsConfig(2);
        bench.host.advance(SECOND);

        assertThat(isComplete(client)).isTrue();
    }

    @Test
    void a_closed_serial_connection_is_an_unplugged_cable() {
        Bench bench = Bench.of(SimulatedNode.builder()
                .variant(Variant.serialConsole())
                .fault(Fault.close().at(Point.CONFIG_COMPLETE).times(1)));
        Bench.Client client = bench.turnOn();
        client.wantsConfig(1);
        bench.host.advance(SECOND);
        assertThat(client.end).isEqualTo("FIN");
        Bench.Client next = bench.plug();
        next.toleratesRubbish = true;
        next.wantsConfig(2);
        bench.host.advance(SECOND);

        assertThat(isComplete(next)).isTrue();
    }
}
