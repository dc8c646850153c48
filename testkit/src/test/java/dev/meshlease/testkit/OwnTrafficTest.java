package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the node says without being asked. */
class OwnTrafficTest {
    @Test
    void it_reports_its_metrics_every_minute_if_it_is_to() throws InvalidProtocolBufferException {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.OWN_TELEMETRY, true));
        Bench.Client client = bench.ready();
        bench.host.advance(Duration.ofSeconds(190));

        assertThat(client.packets()).hasSize(3).allSatisfy(packet -> {
            assertThat(packet.getFrom()).isEqualTo(bench.node.id().number());
            assertThat(packet.getDecoded().getPortnum()).isEqualTo(PortNum.TELEMETRY_APP);
            assertThat(packet.getPriority()).isEqualTo(MeshPacket.Priority.BACKGROUND);
        });
        assertThat(Telemetry.parseFrom(client.packets().get(2).getDecoded().getPayload())
                        .getDeviceMetrics()
                        .getUptimeSeconds())
                .isEqualTo(180);
        assertThat(bench.node.sent()).isEmpty();
    }

    @Test
    void it_is_silent_otherwise() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.ready();
        bench.host.advance(Duration.ofMinutes(10));

        assertThat(client.received()).isEmpty();
    }

    @Test
    void it_introduces_itself_once_a_minute_at_the_most() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.SIMULATED_RADIO, true));
        Bench.Client client = bench.ready();
        for (int i = 0; i < 5; i++) {
            client.beats(1);
            bench.host.advance(Duration.ofSeconds(25));
        }

        assertThat(client.echoes()).hasSize(2);
    }
}
