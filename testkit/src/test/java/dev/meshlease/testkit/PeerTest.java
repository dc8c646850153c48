package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.Telemetry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTest {
    private static final NodeId STRANGER = NodeId.of("!0badcafe");

    private final Bench bench = Bench.of(SimulatedNode.builder().nodes(2));
    private final Bench.Client client = bench.ready();

    private MeshPacket asked(PortNum port, ByteString payload) {
        SimulatedPeer peer = bench.node.peers().get(0);
        MeshPacket question = Bench.packet(peer.id().number(), 7, port, payload);
        client.sent(question.toBuilder()
                .setDecoded(question.getDecoded().toBuilder().setWantResponse(true))
                .build());
        bench.host.advance(Duration.ofSeconds(30));
        assertThat(client.packets()).hasSize(1);
        MeshPacket answer = client.packets().get(0);
        assertThat(answer.getDecoded().getRequestId()).isEqualTo(7);
        assertThat(new NodeId(answer.getFrom())).isEqualTo(peer.id());
        assertThat(answer.getDecoded().getPortnum()).isEqualTo(port);
        return answer;
    }

    @Test
    void a_position_is_answered() throws Exception {
        MeshPacket answer = asked(PortNum.POSITION_APP, ByteString.EMPTY);

        assertThat(Position.parseFrom(answer.getDecoded().getPayload()).hasLatitudeI())
                .isTrue();
    }

    @Test
    void a_route_is_traced_and_the_answer_is_the_only_ack() throws Exception {
        MeshPacket answer = asked(PortNum.TRACEROUTE_APP, ByteString.EMPTY);

        assertThat(RouteDiscovery.parseFrom(answer.getDecoded().getPayload()).getSnrBackCount())
                .isEqualTo(1);
    }

    @Test
    void telemetry_of_the_kind_asked_for_is_answered() throws Exception {
        MeshPacket answer = asked(
                PortNum.TELEMETRY_APP,
                Telemetry.newBuilder()
                        .setDeviceMetrics(DeviceMetrics.getDefaultInstance())
                        .build()
                        .toByteString());

        assertThat(Telemetry.parseFrom(answer.getDecoded().getPayload()).hasDeviceMetrics())
                .isTrue();
    }

    @Test
    void a_question_that_nobody_answers_is_acknowledged_before_that_is_said() {
        client.sent(Bench.wantingAck(Bench.asking(
                Bench.packet(bench.node.peers().get(0).id().number(), 7, PortNum.PRIVATE_APP, ByteString.EMPTY))));
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.packets())
                .allSatisfy(packet -> assertThat(packet.getFrom())
                        .isEqualTo(bench.node.peers().get(0).id().number()));
        assertThat(client.verdicts()).containsExactly(Routing.Error.NONE, Routing.Error.NO_RESPONSE);
    }

    @Test
    void a_new_peer_is_in_the_database_from_then_on() {
        SimulatedPeer stranger = bench.node.peer(STRANGER);
        stranger.sends(PayloadType.POSITION, Position.getDefaultInstance());
        client.wantsConfig(5);
        bench.host.advance(Bench.MOMENT);

        List<NodeInfo> entries = client.received().stream()
                .filter(FromRadio::hasNodeInfo)
                .map(FromRadio::getNodeInfo)
                .toList();
        assertThat(entries).hasSize(4).last().satisfies(entry -> {
            assertThat(entry.getNum()).isEqualTo(STRANGER.number());
            assertThat(entry.hasUser()).isTrue();
        });
        assertThat(client.received())
                .filteredOn(FromRadio::hasMyInfo)
                .extracting(message -> message.getMyInfo().getNodedbCount())
                .containsExactly(4);
        assertThat(bench.node.peers()).extracting(SimulatedPeer::id).contains(STRANGER);
    }

    @Test
    void the_node_itself_and_everybody_are_no_peers() {
        assertThatThrownBy(() -> bench.node.peer(bench.node.id())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bench.node.peer(NodeId.BROADCAST)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nodes_have_numbers_and_device_ids_of_their_own() {
        SimulatedNodeBuilder one = SimulatedNode.builder();
        SimulatedNodeBuilder other = SimulatedNode.builder();

        assertThat(Bench.of(one).firmware.state().number())
                .isNotEqualTo(Bench.of(other).firmware.state().number());
        assertThat(deviceId(one)).isNotEqualTo(deviceId(other)).hasSize(16);
    }

    private static byte[] deviceId(SimulatedNodeBuilder builder) {
        return Bench.of(builder)
                .firmware
                .profile()
                .dump()
                .get(0)
                .message()
                .getMyInfo()
                .getDeviceId()
                .toByteArray();
    }

    @Test
    void what_fits_no_packet_is_refused_and_not_remembered() {
        Bench bench = Bench.of(SimulatedNode.builder().nodes(1));
        SimulatedPeer peer = bench.node.peers().get(0);

        peer.says("x".repeat(233));
        assertThatThrownBy(() -> peer.says("x".repeat(234)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("233 bytes, not the 234");
        assertThatThrownBy(() -> peer.introducesItself("x".repeat(300), "x"))
                .isInstanceOf(IllegalArgumentException.class);
        peer.introducesItself("Ada", "ada");
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        assertThat(client.dump())
                .anyMatch(
                        message -> message.getNodeInfo().getUser().getLongName().equals("Ada"));
        assertThat(client.texts()).containsExactly("x".repeat(233));
    }
}
