package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.RebootStyle;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);
    private static final Duration TAKES = Duration.ofSeconds(5);

    private final Bench bench = Bench.of(SimulatedNode.builder());

    @Test
    void the_client_of_a_board_is_not_told() {
        Bench.Client client = bench.ready();

        bench.node.reboot();

        assertThat(client.end).isEqualTo("silence");
    }

    @Test
    void the_client_of_a_native_build_sees_the_end() {
        Bench clean = Bench.of(SimulatedNode.builder().with(Switch.REBOOT_STYLE, RebootStyle.CLEAN));
        Bench.Client client = clean.ready();

        clean.node.reboot();

        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void a_board_counts_its_restarts() {
        assertThat(restarts(bench)).containsExactly(0, 1, 2);
        assertThat(restarts(Bench.of(SimulatedNode.builder().variant(Variant.nativeDaemon()))))
                .containsExactly(0, 0, 0);
    }

    private static List<Integer> restarts(Bench bench) {
        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Bench.Client client = bench.connect();
            client.wantsConfig(7);
            bench.host.advance(Duration.ofSeconds(1));
            counts.add(client.received().stream()
                    .filter(FromRadio::hasMyInfo)
                    .findFirst()
                    .orElseThrow()
                    .getMyInfo()
                    .getRebootCount());
            bench.node.reboot();
            bench.host.advance(TAKES.plusSeconds(1));
        }
        return counts;
    }

    @Test
    void connections_that_wait_to_be_accepted_are_lost_too() {
        Bench.Client waiting = bench.knocks();

        bench.node.reboot();
        bench.host.advance(TAKES.plusSeconds(1));

        assertThat(waiting.end).isEqualTo("RST");
        assertThat(bench.node.accepted()).isZero();
    }

    @Test
    void new_connections_are_refused_until_it_is_up_again() {
        List<Boolean> refused = new ArrayList<>();
        bench.firmware.doors().server().entrance(refused::add);

        bench.node.reboot();
        bench.host.advance(TAKES.minusNanos(1));
        assertThat(refused).containsExactly(true);
        bench.host.advance(Duration.ofNanos(1));

        assertThat(refused).containsExactly(true, false);
        assertThat(bench.ready().end).isEqualTo("none");
    }

    @Test
    void a_connection_that_comes_too_early_all_the_same_is_reset() {
        bench.node.reboot();

        assertThat(bench.knocks().end).isEqualTo("RST");
    }

    @Test
    void what_waited_for_a_client_is_lost() {
        bench.node.peer(PEER).says("before");
        bench.node.reboot();
        bench.node.peer(PEER).says("meanwhile");
        bench.host.advance(TAKES);
        bench.node.peer(PEER).says("after");
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.texts()).containsExactly("after");
    }

    @Test
    void what_waited_for_transmission_or_for_an_ack_is_lost() {
        bench.node.peer(PEER).answers(false);
        Bench.Client client = bench.ready();
        client.sends(Bench.wantingAck(Bench.text(PEER.number(), 7, "anybody?")));
        client.sent(Bench.packet(PEER.number(), 8, PortNum.PRIVATE_APP, ByteString.EMPTY));
        bench.node.reboot();
        bench.host.advance(TAKES);
        Bench.Client next = bench.ready();
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(next.packets()).isEmpty();
        assertThat(bench.node.sent()).extracting(MeshPacket::getId).containsExactly(7, 8);
    }

    @Test
    void the_node_database_stays() {
        bench.node
                .peer(PEER)
                .sends(
                        PayloadType.NODE_INFO,
                        User.newBuilder().setLongName("Coffee").build());
        bench.node.reboot();
        bench.host.advance(TAKES);
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received())
                .filteredOn(FromRadio::hasNodeInfo)
                .extracting(message -> message.getNodeInfo().getUser().getLongName())
                .hasSize(2)
                .contains("Coffee");
    }

    @Test
    void its_uptime_begins_anew() throws Exception {
        bench.host.advance(Duration.ofMinutes(10));
        bench.node.reboot();
        bench.host.advance(TAKES.plusSeconds(30));
        Bench.Client client = bench.ready();
        MeshPacket question = Bench.packet(
                bench.node.id().number(),
                7,
                PortNum.TELEMETRY_APP,
                Telemetry.newBuilder()
                        .setDeviceMetrics(DeviceMetrics.getDefaultInstance())
                        .build()
                        .toByteString());
        client.sent(question.toBuilder()
                .setDecoded(question.getDecoded().toBuilder().setWantResponse(true))
                .build());

        Telemetry answer =
                Telemetry.parseFrom(client.packets().get(0).getDecoded().getPayload());
        assertThat(answer.getDeviceMetrics().getUptimeSeconds()).isEqualTo(30);
    }

    @Test
    void a_client_on_the_network_is_not_told_of_it() {
        bench.node.reboot();
        bench.host.advance(TAKES);
        Bench.Client client = bench.connect();
        client.wantsConfig(7);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received()).isNotEmpty().noneMatch(FromRadio::hasRebooted);
    }

    @Test
    void the_timers_of_the_run_before_stand_still() {
        Bench talking = Bench.of(SimulatedNode.builder().with(Switch.OWN_TELEMETRY, true));
        talking.host.advance(Duration.ofSeconds(50));
        talking.node.reboot();
        talking.host.advance(TAKES);
        Bench.Client client = talking.ready();
        talking.host.advance(Duration.ofSeconds(59));
        assertThat(client.packets()).isEmpty();
        talking.host.advance(Duration.ofSeconds(1));

        assertThat(client.packets()).hasSize(1);
    }

    @Test
    void a_node_that_is_closed_meanwhile_does_not_come_back() {
        List<Boolean> refused = new ArrayList<>();
        bench.firmware.doors().server().entrance(refused::add);
        bench.node.reboot();
        bench.node.close();
        bench.host.advance(TAKES);

        assertThat(refused).containsExactly(true);
        assertThat(bench.knocks().end).isEqualTo("RST");
    }
}
