package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.SettingsPart;
import dev.meshlease.Watch;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.message.Request;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.ChannelSettings;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is known of the mesh, as it changes. */
class LiveNodesTest {
    private static final NodeId NEW = new NodeId(0x0c0ffee0);

    private final VirtualEnvironment time = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().nodes(3).start(time);
    private final LinkRegistry links = time.registry();
    private final Lease lease = links.acquire(node.endpoint(), "observer");

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private NodeSnapshot ready() {
        return lease.ready().await(Duration.ofSeconds(10));
    }

    private NodeInfo known(NodeId id) {
        return lease.node().node(id).orElseThrow();
    }

    @Test
    void what_a_node_says_of_itself_is_known_from_then_on() {
        ready();
        SimulatedPeer peer = node.peers().get(0);
        peer.sends(
                PayloadType.POSITION,
                Position.newBuilder().setLatitudeI(1).setLongitudeI(2).build());
        peer.sends(
                PayloadType.TELEMETRY,
                Telemetry.newBuilder()
                        .setDeviceMetrics(DeviceMetrics.newBuilder().setBatteryLevel(77))
                        .build());
        peer.sends(
                PayloadType.NODE_INFO,
                User.newBuilder().setLongName("Renamed").setShortName("RN").build());
        time.advance(Duration.ofSeconds(2));

        NodeInfo known = known(peer.id());
        assertThat(known.getPosition().getLongitudeI()).isEqualTo(2);
        assertThat(known.getDeviceMetrics().getBatteryLevel()).isEqualTo(77);
        assertThat(known.getUser().getLongName()).isEqualTo("Renamed");
        assertThat(known.getUser().getId()).isEqualTo(peer.id().toString());
    }

    @Test
    void a_node_that_is_heard_for_the_first_time_is_new() {
        NodeSnapshot before = ready();
        time.advance(Duration.ofMinutes(3));
        node.peer(NEW).says("hello");
        time.advance(Duration.ofSeconds(1));

        assertThat(before.node(NEW)).as("a picture does not change").isEmpty();
        assertThat(lease.node().nodes()).hasSize(before.nodes().size() + 1);
        assertThat(Integer.toUnsignedLong(known(NEW).getLastHeard()))
                .isBetween(time.now().getEpochSecond() - 2, time.now().getEpochSecond());
        assertThat(lease.node().takenAt()).isEqualTo(before.takenAt());
    }

    @Test
    void whoever_watches_is_told_what_is_known_and_then_what_is_new() {
        List<NodeInfo> seen = new ArrayList<>();
        lease.watch(Watch.nodes(), seen::add);
        ready();
        time.settle();
        assertThat(seen)
                .extracting(NodeInfo::getNum)
                .hasSize(4)
                .contains(node.id().number());

        Lease late = links.acquire(node.endpoint(), "late");
        List<NodeInfo> seenLate = new ArrayList<>();
        late.watch(Watch.nodes(), seenLate::add);
        time.settle();
        assertThat(seenLate).containsExactlyInAnyOrderElementsOf(seen);

        seen.clear();
        node.peer(NEW).says("hello");
        time.advance(Duration.ofSeconds(1));
        assertThat(seen).extracting(NodeInfo::getNum).containsExactly(NEW.number());
        assertThat(seen.get(0)).isEqualTo(known(NEW));
    }

    @Test
    void after_a_reconnect_it_is_told_what_differs() {
        ready();
        List<NodeInfo> seen = new ArrayList<>();
        lease.watch(Watch.nodes(), seen::add);
        time.settle();
        seen.clear();
        node.disconnectClient();
        time.advance(Duration.ofMillis(10));
        node.peer(NEW).says("while nobody listens");
        time.advance(Duration.ofMinutes(1));

        assertThat(seen).extracting(NodeInfo::getNum).contains(NEW.number());
        assertThat(seen)
                .extracting(NodeInfo::getNum)
                .doesNotContain(node.peers().get(0).id().number());
    }

    @Test
    void the_pictures_cursor_is_where_the_stream_goes_on() {
        ready();
        node.peer(NEW).says("one");
        time.advance(Duration.ofSeconds(1));
        NodeSnapshot picture = lease.node();
        node.peer(NEW).says("two");
        time.advance(Duration.ofSeconds(1));

        Inbox rest = lease.inbox(texts().after(picture.cursor()));
        assertThat(rest.poll())
                .isInstanceOfSatisfying(
                        InboundPacket.class, packet -> assertThat(packet.text()).isEqualTo("two"));
        assertThat(rest.poll()).isNull();
        assertThat(rest.cursor()).isEqualTo(lease.node().cursor());
    }

    @Test
    void a_part_that_a_lease_changes_is_stale_until_the_node_has_told_it_again() {
        ready();
        Lease other = links.acquire(node.endpoint(), "other");
        Channel changed = lease.node().channels().get(1).toBuilder()
                .setSettings(ChannelSettings.newBuilder().setName("changed"))
                .build();
        other.send(OutboundMessage.of(
                        PayloadType.ADMIN,
                        AdminMessage.newBuilder().setSetChannel(changed).build())
                .to(node.id()));
        time.advance(Duration.ofSeconds(2));

        assertThat(lease.node().stale()).containsExactly(SettingsPart.channel(changed.getIndex()));
        assertThat(lease.node()).asString().contains("stale: [channel 1]");
        assertThat(lease.node().channels().get(1).getSettings().getName()).isNotEqualTo("changed");

        other.request(Request.channel(1)).await(Duration.ofSeconds(30));
        time.settle();
        assertThat(lease.node().stale()).isEmpty();
        assertThat(lease.node().channels().get(1).getSettings().getName()).isEqualTo("changed");
    }
}
