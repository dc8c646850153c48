package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.EnvironmentMetrics;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a test can have a peer do besides talking. */
class PeerWordsTest {
    private static final NodeId NEAR = NodeId.of("!000000aa");
    private static final NodeId FAR = NodeId.of("!000000bb");

    private final Bench bench = Bench.of(SimulatedNode.builder().nodes(1));
    private final Bench.Client client = bench.ready();
    private final SimulatedPeer peer = bench.node.peers().get(0);

    private ByteString heard(PortNum port) {
        bench.host.advance(Bench.MOMENT);
        MeshPacket packet = client.packets().get(client.packets().size() - 1);
        assertThat(new NodeId(packet.getFrom())).isEqualTo(peer.id());
        assertThat(new NodeId(packet.getTo())).isEqualTo(NodeId.BROADCAST);
        assertThat(packet.getDecoded().getPortnum()).isEqualTo(port);
        return packet.getDecoded().getPayload();
    }

    private ByteString answerTo(PortNum port, ByteString question) {
        client.forget();
        client.sent(Bench.asking(Bench.packet(peer.id().number(), 7, port, question)));
        bench.host.advance(Duration.ofSeconds(5));
        return client.packets().stream()
                .filter(packet -> packet.getFrom() == peer.id().number())
                .findFirst()
                .orElseThrow()
                .getDecoded()
                .getPayload();
    }

    private NodeInfo entry() {
        client.forget();
        client.wantsConfig(69421);
        bench.host.advance(Bench.MOMENT);
        return client.received().stream()
                .filter(FromRadio::hasNodeInfo)
                .map(FromRadio::getNodeInfo)
                .filter(info -> info.getNum() == peer.id().number())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void it_says_where_it_is_and_stays_there() throws InvalidProtocolBufferException {
        peer.isAt(-33.8688, 151.2093);

        Position said = Position.parseFrom(heard(PortNum.POSITION_APP));
        assertThat(said.getLatitudeI()).isEqualTo(-338_688_000);
        assertThat(said.getLongitudeI()).isEqualTo(1_512_093_000);
        assertThat(said.getTime()).isNotZero();
        assertThat(Position.parseFrom(answerTo(PortNum.POSITION_APP, ByteString.EMPTY))
                        .getLatitudeI())
                .isEqualTo(-338_688_000);
        assertThat(entry().getPosition().getLongitudeI()).isEqualTo(1_512_093_000);
    }

    @Test
    void it_says_who_it_is_and_keeps_its_key() throws InvalidProtocolBufferException {
        ByteString key = entry().getUser().getPublicKey();
        peer.introducesItself("Ada Lovelace", "ADA");

        User said = User.parseFrom(heard(PortNum.NODEINFO_APP));
        assertThat(said.getLongName()).isEqualTo("Ada Lovelace");
        assertThat(said.getPublicKey()).isEqualTo(key);
        assertThat(User.parseFrom(answerTo(PortNum.NODEINFO_APP, ByteString.EMPTY))
                        .getShortName())
                .isEqualTo("ADA");
        assertThat(entry().getUser()).isEqualTo(said);
    }

    @Test
    void it_says_what_it_measures_and_sticks_to_it() throws InvalidProtocolBufferException {
        Telemetry frost = Telemetry.newBuilder()
                .setEnvironmentMetrics(EnvironmentMetrics.newBuilder().setTemperature(-12.5f))
                .build();
        peer.reports(frost);

        Telemetry said = Telemetry.parseFrom(heard(PortNum.TELEMETRY_APP));
        assertThat(said.getEnvironmentMetrics().getTemperature()).isEqualTo(-12.5f);
        assertThat(said.getTime()).isNotZero();
        assertThat(Telemetry.parseFrom(answerTo(PortNum.TELEMETRY_APP, frost.toByteString()))
                        .getEnvironmentMetrics())
                .isEqualTo(said.getEnvironmentMetrics());
    }

    @Test
    void from_afar_it_is_heard_by_way_of_others() {
        peer.via(NEAR, FAR);
        peer.says("far away");
        bench.host.advance(Bench.MOMENT);

        assertThat(client.packets()).singleElement().satisfies(packet -> {
            assertThat(packet.getHopStart()).isEqualTo(3);
            assertThat(packet.getHopLimit()).isEqualTo(1);
            assertThat(packet.getRelayNode()).isEqualTo(0xAA);
        });
        assertThat(entry().getHopsAway()).isEqualTo(2);
    }

    @Test
    void its_route_names_the_nodes_between_both_ways() throws InvalidProtocolBufferException {
        peer.via(NEAR, FAR);

        RouteDiscovery route = RouteDiscovery.parseFrom(answerTo(PortNum.TRACEROUTE_APP, ByteString.EMPTY));
        assertThat(route.getRouteList()).containsExactly(NEAR.number(), FAR.number());
        assertThat(route.getRouteBackList()).containsExactly(FAR.number(), NEAR.number());
        assertThat(route.getSnrTowardsList()).containsExactly(25, 25, 25);
        assertThat(route.getSnrBackList()).containsExactly(25, 25, 25);
    }

    @Test
    void it_takes_its_time_to_answer() {
        peer.answersAfter(Duration.ofSeconds(3));
        client.sent(Bench.asking(Bench.packet(peer.id().number(), 7, PortNum.POSITION_APP, ByteString.EMPTY)));
        bench.host.advance(Duration.ofMillis(2900));
        assertThat(client.packets()).isEmpty();
        bench.host.advance(Duration.ofMillis(300));

        assertThat(client.packets()).hasSize(1);
    }

    @Test
    void what_it_tells_another_node_is_not_for_the_client() {
        peer.tells(NodeId.of("!12345678"), "private");
        bench.host.advance(Bench.MOMENT);

        assertThat(client.packets()).isEmpty();
    }

    @Test
    void nonsense_is_refused() {
        List<Runnable> nonsense = List.of(
                () -> peer.isAt(91, 0),
                () -> peer.isAt(0, Double.NaN),
                () -> peer.reports(Telemetry.getDefaultInstance()),
                () -> peer.answersAfter(Duration.ofSeconds(-1)),
                () -> peer.via(NEAR, NEAR),
                () -> peer.via(peer.id()),
                () -> peer.via(bench.node.id()),
                () -> peer.via(NodeId.BROADCAST),
                () -> peer.via(IntStream.rangeClosed(1, 8).mapToObj(NodeId::new).toArray(NodeId[]::new)));

        assertThat(nonsense)
                .allSatisfy(call -> assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class));
    }
}
