package dev.meshlease.testkit;

import static dev.meshlease.testkit.Bench.broadcast;
import static dev.meshlease.testkit.Bench.text;
import static dev.meshlease.testkit.Bench.wantingAck;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Routing;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Another project's way to make a mesh of {@code meshtasticd -s}: it shows what one daemon transmits to those that are to hear it. Here three
 * nodes in a line.
 */
class DaemonHarnessTest {
    private static final int A = 0x0A0A0A0A;
    private static final int B = 0x0B0B0B0B;
    private static final int C = 0x0C0C0C0C;

    private final HandSteppedHost host = new HandSteppedHost();
    private final List<Daemon> line = List.of(new Daemon(A), new Daemon(B), new Daemon(C));
    private final Bench.Client a = line.get(0).client;
    private final Bench.Client b = line.get(1).client;
    private final Bench.Client c = line.get(2).client;

    private final class Daemon {
        final Bench.Client client;
        final List<MeshPacket> onAir = new ArrayList<>();

        Daemon(int number) {
            client = Bench.on(
                            host,
                            SimulatedNode.builder().number(new NodeId(number)).with(Switch.SIMULATED_RADIO, true))
                    .ready();
        }

        List<MeshPacket> transmissions() {
            List<MeshPacket> fresh =
                    client.echoes().subList(onAir.size(), client.echoes().size());
            onAir.addAll(fresh);
            return List.copyOf(fresh);
        }

        void hears(MeshPacket packet, float snr) {
            client.sends(packet.toBuilder().setRxSnr(snr).setRxRssi(-80).build());
        }
    }

    /** Carries each transmission to the neighbours, those to the right hearing it better. */
    private void carryOn(Duration span) {
        for (long spent = 0; spent < span.toMillis(); spent += 5) {
            host.advance(Duration.ofMillis(5));
            for (int i = 0; i < line.size(); i++) {
                for (MeshPacket packet : line.get(i).transmissions()) {
                    if (i > 0) {
                        line.get(i - 1).hears(packet, 3);
                    }
                    if (i + 1 < line.size()) {
                        line.get(i + 1).hears(packet, 5);
                    }
                }
            }
        }
    }

    @Test
    void a_broadcast_passes_along_the_line_and_stops() {
        a.sends(wantingAck(broadcast(1, "to all")));
        carryOn(Duration.ofSeconds(30));

        assertThat(b.texts()).containsExactly("to all");
        assertThat(c.texts()).containsExactly("to all");
        assertThat(a.texts()).isEmpty();
        MeshPacket atC = c.packets().get(0);
        assertThat(atC.getFrom()).isEqualTo(A);
        assertThat(atC.getId()).isEqualTo(1);
        assertThat(atC.getHopStart()).isEqualTo(3);
        assertThat(atC.getHopLimit()).isEqualTo(2);
        assertThat(atC.getRelayNode()).isEqualTo(0x0B);
        assertThat(atC.getRxSnr()).isEqualTo(5);
        assertThat(line).extracting(daemon -> daemon.onAir.size()).containsExactly(1, 1, 1);
        assertThat(a.verdicts()).containsExactly(Routing.Error.NONE);
    }

    @Test
    void a_broadcast_without_hops_stays_with_the_neighbours() {
        a.sends(broadcast(1, "near").toBuilder().setHopLimit(0).build());
        carryOn(Duration.ofSeconds(2));

        assertThat(b.texts()).containsExactly("near");
        assertThat(c.texts()).isEmpty();
    }

    @Test
    void a_direct_text_over_two_hops_gets_an_implicit_ack_and_then_the_real_one() {
        a.sends(wantingAck(text(C, 1, "for you")));
        carryOn(Duration.ofSeconds(30));

        assertThat(b.texts()).isEmpty();
        assertThat(c.texts()).containsExactly("for you");
        List<MeshPacket> acks = a.packets().stream()
                .filter(packet -> packet.getDecoded().getRequestId() == 1)
                .filter(packet -> packet.getDecoded().getPortnum() == PortNum.ROUTING_APP)
                .toList();
        assertThat(acks).extracting(MeshPacket::getFrom).containsExactly(A, C);
        assertThat(acks).extracting(Bench::verdict).containsOnly(Routing.Error.NONE);
        assertThat(line.get(0).onAir).extracting(MeshPacket::getId).containsOnlyOnce(1);
    }

    @Test
    void a_route_over_two_hops_is_recorded_both_ways() throws InvalidProtocolBufferException {
        a.sends(Bench.asking(Bench.packet(C, 1, PortNum.TRACEROUTE_APP, ByteString.EMPTY)));
        carryOn(Duration.ofSeconds(30));

        MeshPacket answer = a.packets().stream()
                .filter(packet -> packet.getDecoded().getPortnum() == PortNum.TRACEROUTE_APP)
                .findFirst()
                .orElseThrow();
        assertThat(answer.getDecoded().getRequestId()).isEqualTo(1);
        assertThat(RouteDiscovery.parseFrom(answer.getDecoded().getPayload()))
                .isEqualTo(RouteDiscovery.newBuilder()
                        .addRoute(B)
                        .addAllSnrTowards(List.of(20, 20))
                        .addRouteBack(B)
                        .addAllSnrBack(List.of(12, 12))
                        .build());
    }
}
