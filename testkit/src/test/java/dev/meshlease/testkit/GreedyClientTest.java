package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that ask for more than a node can say or should remember. */
class GreedyClientTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);

    @Test
    void a_node_whose_entry_fits_no_frame_tells_the_rest_of_its_state() {
        Admin admin = new Admin(Bench.of(SimulatedNode.builder().nodes(2)));
        admin.does(AdminMessage.newBuilder().setSetOwner(User.newBuilder().setLongName("l".repeat(220))));
        admin.does(AdminMessage.newBuilder().setSetOwner(User.newBuilder().setShortName("s".repeat(220))));
        admin.bench.host.advance(Duration.ofMinutes(1)); // a restart
        admin.returns();
        admin.client.wantsConfig(77);
        admin.bench.host.advance(Bench.MOMENT);

        assertThat(admin.client.dump())
                .anyMatch(FromRadio::hasMyInfo)
                .filteredOn(FromRadio::hasNodeInfo)
                .hasSize(2);
    }

    @Test
    void what_a_packet_has_beyond_a_frame_is_not_echoed_and_the_session_goes_on() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.SIMULATED_RADIO, true));
        Bench.Client client = bench.ready();
        MeshPacket packet = Bench.packet(PEER.number(), 1, PortNum.PRIVATE_APP, ByteString.copyFrom(new byte[230]));
        client.sent(packet.toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .mergeLengthDelimitedField(500, ByteString.copyFrom(new byte[250]))
                        .build())
                .build());
        client.sent(Bench.broadcast(2, "hello"));
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactly(2);
    }

    @Test
    void plans_for_the_far_future_do_not_pile_up() {
        Admin admin = new Admin(Bench.of(SimulatedNode.builder()));
        for (int i = 0; i < 200; i++) {
            admin.tells(AdminMessage.newBuilder().setRebootSeconds(Integer.MAX_VALUE - i));
            admin.tells(AdminMessage.newBuilder().setShutdownSeconds(100_000 - i));
        }

        assertThat(admin.bench.host.pending()).isLessThan(20);
    }

    @Test
    void a_plan_is_carried_out_when_it_is_due_and_not_before_however_far_that_is() {
        Admin admin = new Admin(Bench.of(SimulatedNode.builder().with(Switch.IDLE_TIMEOUT, Duration.ZERO)));
        admin.tells(AdminMessage.newBuilder().setRebootSeconds(10));
        admin.tells(AdminMessage.newBuilder().setRebootSeconds(1_000));
        admin.bench.host.advance(Duration.ofSeconds(999));
        assertThat(admin.client.end).isEqualTo("none");
        admin.bench.host.advance(Duration.ofSeconds(1));

        assertThat(admin.client.end).isEqualTo("silence");
    }

    @Test
    void clients_that_come_and_go_leave_no_timers_behind() {
        Bench bench = Bench.of(SimulatedNode.builder());
        for (int i = 0; i < 200; i++) {
            bench.connect().breaks();
        }

        assertThat(bench.host.pending()).isLessThan(20);
    }

    @Test
    void a_peer_that_was_about_to_answer_when_the_node_restarted_answers_the_same_packet_later() {
        Bench bench = Bench.of(SimulatedNode.builder()
                .with(Switch.REBOOT_TIME, Duration.ZERO)
                .with(Switch.MESH_DELAY, Duration.ofSeconds(1)));
        bench.node.peer(PEER);
        MeshPacket packet = Bench.wantingAck(Bench.plain(PEER.number(), 5));
        bench.ready().sent(packet);
        bench.host.advance(Duration.ofMillis(200));
        bench.node.reboot();
        bench.host.advance(Duration.ofSeconds(10));
        Bench.Client client = bench.ready();
        client.sent(packet);
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(client.packets()).extracting(MeshPacket::getFrom).containsExactly(PEER.number());
    }
}
