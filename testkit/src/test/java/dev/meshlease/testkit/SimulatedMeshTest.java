package dev.meshlease.testkit;

import static dev.meshlease.testkit.Bench.broadcast;
import static dev.meshlease.testkit.Bench.text;
import static dev.meshlease.testkit.Bench.wantingAck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.ChannelSettings;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedMeshTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final HandSteppedHost host = new HandSteppedHost();
    private final SimulatedMesh mesh = SimulatedMesh.create();
    private final Bench left = member();
    private final Bench middle = member();
    private final Bench right = member();
    private final Bench.Client a = left.ready();
    private final Bench.Client b = middle.ready();
    private final Bench.Client c = right.ready();

    private Bench member() {
        return Bench.on(host, SimulatedNode.builder().mesh(mesh));
    }

    private void inLine() {
        mesh.line(left.node, middle.node, right.node);
    }

    private static int number(Bench bench) {
        return bench.node.id().number();
    }

    private static void sends(Bench.Client client, MeshPacket packet) {
        client.sends(packet);
    }

    private void passes(Duration span) {
        host.advance(span);
    }

    @Test
    void at_first_everybody_hears_everybody_and_each_text_once() {
        sends(a, broadcast(1, "hello"));
        passes(LONG);

        assertThat(b.texts()).containsExactly("hello");
        assertThat(c.texts()).containsExactly("hello");
        assertThat(a.packets()).isEmpty();
        MeshPacket heard = b.packets().get(0);
        assertThat(heard.getFrom()).isEqualTo(number(left));
        assertThat(heard.getHopLimit()).isEqualTo(3);
        assertThat(heard.getRxSnr()).isEqualTo(6.25f);
        assertThat(heard.getRxTime()).isNotZero();
        assertThat(heard.getPriority()).isEqualTo(MeshPacket.Priority.UNSET);
        assertThat(heard.getTransportMechanism()).isEqualTo(MeshPacket.TransportMechanism.TRANSPORT_LORA);
    }

    @Test
    void in_a_line_a_text_takes_a_hop() {
        inLine();
        sends(a, wantingAck(broadcast(1, "hello")));
        passes(LONG);

        assertThat(c.texts()).containsExactly("hello");
        assertThat(c.packets().get(0).getHopLimit()).isEqualTo(2);
        assertThat(c.packets().get(0).getRelayNode()).isEqualTo(number(middle) & 0xFF);
        assertThat(a.verdicts()).containsExactly(Routing.Error.NONE);
    }

    @Test
    void what_is_cut_off_hears_nothing_until_it_is_connected_again() {
        mesh.cut(left.node, right.node);
        mesh.cut(middle.node, right.node);
        sends(a, broadcast(1, "one"));
        passes(LONG);
        mesh.connect(middle.node, right.node, -7.5);
        sends(a, broadcast(2, "two"));
        passes(LONG);

        assertThat(b.texts()).containsExactly("one", "two");
        assertThat(c.texts()).containsExactly("two");
        assertThat(c.packets().get(0).getRxSnr()).isEqualTo(-7.5f);
    }

    @Test
    void a_direct_text_to_a_neighbour_is_acknowledged_by_it_alone() {
        sends(a, wantingAck(text(number(middle), 1, "for b")));
        passes(LONG);

        assertThat(b.packets()).first().satisfies(packet -> {
            assertThat(packet.getDecoded().getPayload().toStringUtf8()).isEqualTo("for b");
            assertThat(packet.getPkiEncrypted()).isTrue();
            assertThat(packet.getPublicKey().size()).isEqualTo(32);
        });
        assertThat(a.packets()).singleElement().satisfies(ack -> {
            assertThat(ack.getFrom()).isEqualTo(number(middle));
            assertThat(Bench.verdict(ack)).isEqualTo(Routing.Error.NONE);
        });
        assertThat(c.packets()).isEmpty();
    }

    @Test
    void a_direct_text_over_two_hops_is_acknowledged_on_the_way_and_at_its_end() {
        inLine();
        sends(a, wantingAck(text(number(right), 1, "for c")));
        passes(LONG);

        assertThat(c.texts()).containsExactly("for c");
        assertThat(b.packets()).isEmpty();
        assertThat(a.packets()).extracting(MeshPacket::getFrom).containsExactly(number(left), number(right));
        assertThat(a.verdicts()).containsExactly(Routing.Error.NONE, Routing.Error.NONE);
    }

    @Test
    void nobody_acknowledges_for_one_that_has_gone() {
        right.node.close();
        mesh.cut(left.node, middle.node);
        sends(a, wantingAck(text(number(right), 1, "for c")));
        passes(LONG);

        assertThat(a.verdicts()).containsExactly(Routing.Error.MAX_RETRANSMIT);
        assertThat(mesh.nodes()).containsExactly(left.node.id(), middle.node.id());
    }

    @Test
    void a_node_that_restarts_neither_hears_nor_repeats_anything_meanwhile() {
        inLine();
        middle.node.reboot();
        sends(a, broadcast(1, "while you were away"));
        passes(LONG);
        Bench.Client again = middle.ready();
        sends(a, broadcast(2, "welcome back"));
        passes(LONG);

        assertThat(b.texts()).isEmpty();
        assertThat(again.texts()).containsExactly("welcome back");
        assertThat(c.texts()).containsExactly("welcome back");
    }

    @Test
    void a_route_tells_the_nodes_between_and_how_well_they_hear() throws InvalidProtocolBufferException {
        inLine();
        mesh.connect(left.node, middle.node, 2);
        mesh.connect(middle.node, right.node, -3);
        sends(a, Bench.asking(Bench.packet(number(right), 1, PortNum.TRACEROUTE_APP, ByteString.EMPTY)));
        passes(LONG);

        MeshPacket answer = a.packets().get(a.packets().size() - 1);
        assertThat(answer.getDecoded().getRequestId()).isEqualTo(1);
        assertThat(RouteDiscovery.parseFrom(answer.getDecoded().getPayload()))
                .isEqualTo(RouteDiscovery.newBuilder()
                        .addRoute(number(middle))
                        .addAllSnrTowards(List.of(8, -12))
                        .addRouteBack(number(middle))
                        .addAllSnrBack(List.of(-12, 8))
                        .build());
    }

    @Test
    void they_know_each_others_names_and_keys_from_the_start() {
        List<NodeInfo> known = infosAt(a);

        assertThat(known).extracting(NodeInfo::getNum).containsExactly(number(left), number(middle), number(right));
        assertThat(known)
                .extracting(NodeInfo::getUser)
                .extracting(User::getPublicKey)
                .doesNotHaveDuplicates()
                .allSatisfy(key -> assertThat(key.size()).isEqualTo(32));
    }

    private List<NodeInfo> infosAt(Bench.Client client) {
        client.forget();
        client.wantsConfig(69421);
        passes(Bench.MOMENT);
        return client.received().stream()
                .filter(FromRadio::hasNodeInfo)
                .map(FromRadio::getNodeInfo)
                .toList();
    }

    @Test
    void they_learn_how_far_away_others_are() {
        inLine();
        sends(a, broadcast(1, "hello"));
        passes(LONG);

        assertThat(infosAt(c))
                .filteredOn(info -> info.getNum() == number(left))
                .extracting(NodeInfo::getHopsAway)
                .containsExactly(1);
    }

    @Test
    void an_introduction_that_asks_is_answered_by_all() {
        a.beats(1);
        passes(LONG);

        assertThat(a.packets())
                .filteredOn(packet -> packet.getDecoded().getPortnum() == PortNum.NODEINFO_APP)
                .extracting(MeshPacket::getFrom)
                .containsExactlyInAnyOrder(number(middle), number(right));
    }

    private void setsChannel(Bench.Client client, Bench bench, int slot, String name) {
        client.sent(Bench.packet(
                number(bench),
                0,
                PortNum.ADMIN_APP,
                AdminMessage.newBuilder()
                        .setSetChannel(Channel.newBuilder()
                                .setIndex(slot)
                                .setRole(Channel.Role.SECONDARY)
                                .setSettings(ChannelSettings.newBuilder().setName(name)))
                        .build()
                        .toByteString()));
        client.forget();
    }

    @Test
    void a_channel_is_understood_in_whichever_slot_it_is_and_passed_on_by_those_without_it() {
        inLine();
        setsChannel(a, left, 1, "club");
        setsChannel(c, right, 2, "club");
        sends(a, broadcast(1, "members only").toBuilder().setChannel(1).build());
        passes(LONG);

        assertThat(b.packets()).isEmpty();
        assertThat(c.packets())
                .singleElement()
                .satisfies(packet -> assertThat(packet.getChannel()).isEqualTo(2));
    }

    @Test
    void who_lacks_the_channel_says_so_if_asked_for_an_ack() {
        setsChannel(a, left, 1, "club");
        sends(
                a,
                wantingAck(Bench.packet(number(middle), 1, PortNum.POSITION_APP, ByteString.EMPTY)).toBuilder()
                        .setChannel(1)
                        .build());
        passes(LONG);

        assertThat(a.packets()).singleElement().satisfies(nak -> {
            assertThat(nak.getFrom()).isEqualTo(number(middle));
            assertThat(Bench.verdict(nak)).isEqualTo(Routing.Error.NO_CHANNEL);
        });
    }

    @Test
    void who_lacks_the_senders_key_says_so_if_asked_for_an_ack() {
        ByteString keyless = User.newBuilder().setLongName("no key").build().toByteString();
        sends(a, Bench.packet(NodeId.BROADCAST.number(), 1, PortNum.NODEINFO_APP, keyless));
        passes(LONG);
        b.forget();
        sends(a, wantingAck(text(number(middle), 2, "who am I?")));
        passes(LONG);

        assertThat(a.verdicts()).containsExactly(Routing.Error.PKI_UNKNOWN_PUBKEY);
        assertThat(b.packets()).isEmpty();
    }

    @Test
    void a_peer_of_one_node_is_heard_by_the_others_through_it() {
        SimulatedPeer peer = left.node.peer(NodeId.of("!0badcafe"));
        peer.says("from outside");
        passes(LONG);
        sends(c, wantingAck(Bench.packet(peer.id().number(), 9, PortNum.POSITION_APP, ByteString.EMPTY)));
        passes(LONG);

        assertThat(b.texts()).containsExactly("from outside");
        assertThat(c.packets())
                .extracting(MeshPacket::getFrom)
                .contains(peer.id().number());
        assertThat(c.packets())
                .filteredOn(packet -> packet.getDecoded().getRequestId() == 9)
                .extracting(MeshPacket::getFrom)
                .containsExactly(number(right), peer.id().number());
    }

    @Test
    void members_are_no_peers() {
        assertThat(left.node.peers()).isEmpty();
        assertThatThrownBy(() -> left.node.peer(right.node.id()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(right.node.id().toString());
    }

    @Test
    void nonsense_is_refused_with_a_word_of_advice() {
        SimulatedNode stranger = Bench.of(SimulatedNode.builder()).node;
        SimulatedNodeBuilder twin =
                SimulatedNode.builder().number(left.node.id()).mesh(mesh);

        assertThatThrownBy(() -> mesh.connect(left.node, stranger)).hasMessageContaining("builder().mesh(");
        assertThatThrownBy(() -> mesh.cut(left.node, left.node)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mesh.line(left.node, middle.node, left.node))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mesh.connect(left.node, middle.node, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bench.of(twin))
                .hasMessageContaining(left.node.id().toString());
    }
}
