package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.NodeId;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.SharedContact;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the node knows of others, and what an administrator makes of it. */
class NodeDatabaseTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);
    private static final Position PLACE = Position.newBuilder()
            .setLatitudeI(1)
            .setLongitudeI(2)
            .setTime(3)
            .setGroundSpeed(4)
            .build();

    private final Bench bench = Bench.of(SimulatedNode.builder());
    private final Admin admin = new Admin(bench);

    private List<NodeInfo> nodes() {
        admin.client.forget();
        admin.client.wantsConfig(69421);
        bench.host.advance(Bench.MOMENT);
        return admin.client.received().stream()
                .filter(FromRadio::hasNodeInfo)
                .map(FromRadio::getNodeInfo)
                .toList();
    }

    private Optional<NodeInfo> entry(NodeId id) {
        return nodes().stream().filter(info -> info.getNum() == id.number()).findFirst();
    }

    private NodeInfo peer() {
        return entry(PEER).orElseThrow();
    }

    @Test
    void an_introduction_replaces_the_one_before() {
        bench.node
                .peer(PEER)
                .sends(
                        PayloadType.NODE_INFO,
                        User.newBuilder().setId("wrong").setLongName("Coffee").build());

        assertThat(peer().getUser().getLongName()).isEqualTo("Coffee");
        assertThat(peer().getUser().getId()).isEqualTo(PEER.toString());
        assertThat(peer().getUser().getMacaddr().size()).isEqualTo(6);
    }

    @Test
    void of_a_position_only_some_fields_are_kept() {
        bench.node.peer(PEER).sends(PayloadType.POSITION, PLACE);

        assertThat(peer().getPosition())
                .isEqualTo(Position.newBuilder()
                        .setLatitudeI(1)
                        .setLongitudeI(2)
                        .setTime(3)
                        .build());
    }

    @Test
    void a_position_without_a_place_changes_nothing() {
        bench.node.peer(PEER).sends(PayloadType.POSITION, PLACE);
        bench.node
                .peer(PEER)
                .sends(PayloadType.POSITION, Position.newBuilder().setTime(9).build());

        assertThat(peer().getPosition().getTime()).isEqualTo(3);
    }

    @Test
    void a_full_database_forgets_who_was_silent_longest_but_no_favourite() {
        Bench full = Bench.of(SimulatedNode.builder());
        Admin client = new Admin(full);
        full.node.peer(new NodeId(1));
        client.does(AdminMessage.newBuilder().setSetFavoriteNode(1));
        for (int i = 2; i <= 251; i++) {
            full.host.advance(Duration.ofSeconds(1));
            full.node.peer(new NodeId(i)).says("here");
        }

        List<NodeId> known = full.node.peers().stream().map(SimulatedPeer::id).toList();
        assertThat(known).hasSize(250).contains(new NodeId(1), new NodeId(251)).doesNotContain(new NodeId(2));
    }

    @Test
    void a_favourite_is_marked_until_it_is_none() {
        bench.node.peer(PEER);
        admin.does(AdminMessage.newBuilder().setSetFavoriteNode(PEER.number()));
        assertThat(peer().getIsFavorite()).isTrue();
        admin.does(AdminMessage.newBuilder().setRemoveFavoriteNode(PEER.number()));
        assertThat(peer().getIsFavorite()).isFalse();
    }

    @Test
    void muting_is_turned_on_and_off() {
        bench.node.peer(PEER);
        admin.does(AdminMessage.newBuilder().setToggleMutedNode(PEER.number()));
        assertThat(peer().getIsMuted()).isTrue();
        admin.does(AdminMessage.newBuilder().setToggleMutedNode(PEER.number()));
        assertThat(peer().getIsMuted()).isFalse();
    }

    @Test
    void who_is_ignored_is_not_heard_until_ignored_no_longer() {
        bench.node.peer(PEER).sends(PayloadType.POSITION, PLACE);
        admin.does(AdminMessage.newBuilder().setSetIgnoredNode(PEER.number()));
        assertThat(peer().hasPosition()).isFalse();
        admin.client.forget();
        bench.node.peer(PEER).says("hello?");
        bench.host.advance(Bench.MOMENT);
        assertThat(admin.client.texts()).isEmpty();

        admin.does(AdminMessage.newBuilder().setRemoveIgnoredNode(PEER.number()));
        bench.node.peer(PEER).says("hello!");
        bench.host.advance(Bench.MOMENT);
        assertThat(admin.client.texts()).containsExactly("hello!");
    }

    @Test
    void a_removed_node_is_gone() {
        bench.node.peer(PEER);
        admin.does(AdminMessage.newBuilder().setRemoveByNodenum(PEER.number()));

        assertThat(entry(PEER)).isEmpty();
    }

    @Test
    void marking_a_node_that_is_unknown_changes_nothing() {
        assertThat(admin.does(AdminMessage.newBuilder().setSetFavoriteNode(PEER.number())))
                .isEqualTo(Routing.Error.NONE);
        assertThat(entry(PEER)).isEmpty();
    }

    @Test
    void a_contact_becomes_a_favourite() {
        admin.does(AdminMessage.newBuilder()
                .setAddContact(SharedContact.newBuilder()
                        .setNodeNum(PEER.number())
                        .setUser(User.newBuilder().setLongName("Coffee"))));

        assertThat(peer().getUser().getLongName()).isEqualTo("Coffee");
        assertThat(peer().getIsFavorite()).isTrue();
    }

    @Test
    void nobody_is_no_contact() {
        assertThat(admin.does(AdminMessage.newBuilder().setAddContact(SharedContact.getDefaultInstance())))
                .isEqualTo(Routing.Error.BAD_REQUEST);
        assertThat(nodes()).hasSize(1);
    }

    /** Found by random messages: newer clients know sources that this build does not. */
    @Test
    void a_position_whose_source_is_not_known_is_a_position() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.ready();
        Position position = Position.newBuilder()
                .setLatitudeI(1)
                .setLongitudeI(2)
                .setLocationSourceValue(99)
                .build();
        client.sent(Bench.packet(NodeId.BROADCAST.number(), 5, PortNum.POSITION_APP, position.toByteString()));

        assertThat(ownPosition(bench).getLocationSourceValue()).isEqualTo(99);
    }

    private static Position ownPosition(Bench bench) {
        Bench.Client next = bench.connect();
        next.wantsConfig(5);
        bench.host.advance(Bench.MOMENT);
        return next.dump().stream()
                .filter(message ->
                        message.getNodeInfo().getNum() == bench.node.id().number())
                .findFirst()
                .orElseThrow()
                .getNodeInfo()
                .getPosition();
    }
}
