package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.User;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a client can ask its own node besides administration, and what the node learns from it. */
class OwnQuestionsTest {
    private static final Position HERE = Position.newBuilder()
            .setLatitudeI(590000000)
            .setLongitudeI(180000000)
            .build();

    private final Bench bench = Bench.of(SimulatedNode.builder().longName("Ada"));
    private final Bench.Client client = bench.ready();
    private final int own = bench.node.id().number();
    private int lastId = 10;

    private void asks(PortNum port) {
        bench.host.advance(Duration.ofSeconds(31));
        client.forget();
        client.sent(Bench.wantingAck(Bench.asking(Bench.packet(own, ++lastId, port, ByteString.EMPTY))));
    }

    private MeshPacket answer(PortNum port) {
        assertThat(client.packets()).hasSize(1);
        MeshPacket answer = client.packets().get(0);
        assertThat(answer.getFrom()).isEqualTo(own);
        assertThat(answer.getDecoded().getPortnum()).isEqualTo(port);
        assertThat(answer.getDecoded().getRequestId()).isEqualTo(lastId);
        return answer;
    }

    @Test
    void who_it_is_it_says_once_in_ten_minutes_and_then_only_acknowledges() throws InvalidProtocolBufferException {
        asks(PortNum.NODEINFO_APP);
        User said = User.parseFrom(answer(PortNum.NODEINFO_APP).getDecoded().getPayload());
        assertThat(said.getLongName()).isEqualTo("Ada");

        bench.host.advance(Duration.ofMinutes(9)); // and 31 s more
        asks(PortNum.NODEINFO_APP);
        assertThat(client.verdicts()).containsExactly(Routing.Error.NONE);
        assertThat(client.packets()).hasSize(1);

        bench.host.advance(Duration.ofMinutes(1));
        asks(PortNum.NODEINFO_APP);
        answer(PortNum.NODEINFO_APP);
    }

    @Test
    void where_it_is_it_says_once_in_three_minutes_if_it_knows() throws InvalidProtocolBufferException {
        asks(PortNum.POSITION_APP);
        assertThat(client.verdicts()).containsExactly(Routing.Error.NONE, Routing.Error.NO_RESPONSE);

        client.sent(Bench.packet(
                own,
                1,
                PortNum.ADMIN_APP,
                AdminMessage.newBuilder().setSetFixedPosition(HERE).build().toByteString()));
        asks(PortNum.POSITION_APP);
        assertThat(Position.parseFrom(answer(PortNum.POSITION_APP).getDecoded().getPayload())
                        .getLatitudeI())
                .isEqualTo(HERE.getLatitudeI());

        bench.host.advance(Duration.ofMinutes(2)); // and 31 s more
        asks(PortNum.POSITION_APP);
        assertThat(client.verdicts()).containsExactly(Routing.Error.NONE);

        bench.host.advance(Duration.ofMinutes(1));
        asks(PortNum.POSITION_APP);
        answer(PortNum.POSITION_APP);
    }

    @Test
    void the_route_to_itself_has_no_node_between() throws InvalidProtocolBufferException {
        asks(PortNum.TRACEROUTE_APP);

        RouteDiscovery route = RouteDiscovery.parseFrom(
                answer(PortNum.TRACEROUTE_APP).getDecoded().getPayload());
        assertThat(route)
                .isEqualTo(RouteDiscovery.newBuilder()
                        .addSnrTowards(0)
                        .addSnrBack(0)
                        .build());
    }

    private Position ownPosition() {
        client.forget();
        client.wantsConfig(7);
        bench.host.advance(Bench.MOMENT);
        return client.dump().stream()
                .filter(FromRadio::hasNodeInfo)
                .findFirst()
                .orElseThrow()
                .getNodeInfo()
                .getPosition();
    }

    @Test
    void it_is_where_its_client_says() {
        client.sent(Bench.packet(NodeId.BROADCAST.number(), 1, PortNum.POSITION_APP, HERE.toByteString()));

        assertThat(ownPosition().getLatitudeI()).isEqualTo(HERE.getLatitudeI());
    }

    @Test
    void a_fixed_position_stays_whatever_its_client_says() {
        client.sent(Bench.packet(
                own,
                1,
                PortNum.ADMIN_APP,
                AdminMessage.newBuilder().setSetFixedPosition(HERE).build().toByteString()));
        client.sent(Bench.packet(
                own,
                2,
                PortNum.POSITION_APP,
                HERE.toBuilder().setLatitudeI(1).build().toByteString()));

        assertThat(ownPosition().getLatitudeI()).isEqualTo(HERE.getLatitudeI());
    }

    @Test
    void what_its_client_tells_another_node_is_not_about_itself() {
        client.sent(Bench.packet(0x0BADCAFE, 1, PortNum.POSITION_APP, HERE.toByteString()));

        assertThat(ownPosition()).isEqualTo(Position.getDefaultInstance());
    }
}
