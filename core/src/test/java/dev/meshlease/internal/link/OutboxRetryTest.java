package dev.meshlease.internal.link;

import static dev.meshlease.DeliveryStage.ACCEPTED;
import static dev.meshlease.DeliveryStage.ACKNOWLEDGED;
import static dev.meshlease.DeliveryStage.FAILED;
import static dev.meshlease.DeliveryStage.QUEUED;
import static dev.meshlease.DeliveryStage.UNKNOWN;
import static dev.meshlease.DeliveryStage.WRITTEN;
import static dev.meshlease.internal.link.Parcel.ADMIN;
import static dev.meshlease.internal.link.Parcel.PRIVATE;
import static dev.meshlease.internal.link.Parcel.TEXT;
import static dev.meshlease.internal.link.ScriptedNode.OWN;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static dev.meshlease.internal.link.ScriptedNode.routing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.Routing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the node refused before it did anything with it goes again, under another id; and a node that is full is not written to. */
class OutboxRetryTest {
    private static final int FULL = 32;

    private final EngineRig rig = new EngineRig();

    private static Plan plan() {
        return Plan.broadcast(PRIVATE);
    }

    private int lastId() {
        return rig.sentIds().get(rig.sentIds().size() - 1);
    }

    @Test
    void a_packet_refused_by_a_full_queue_goes_again_under_another_id_once_there_is_room() {
        rig.ready();
        var parcel = rig.send(plan());
        rig.say(queueStatus(parcel.id(), FULL, 0)).passSeconds(0.5).say(queueStatus(0, 0, 3));
        assertThat(rig.sent()).as("not at once").hasSize(1);

        rig.passSeconds(0.5);
        assertThat(rig.sent()).hasSize(2);
        assertThat(lastId()).isNotEqualTo(parcel.id());
        assertThat(rig.sent().get(1).toBuilder().setId(parcel.id()).build())
                .isEqualTo(rig.sent().get(0));

        rig.say(queueStatus(lastId(), 0));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
        assertThat(parcel.ends).isOne();
    }

    @Test
    void it_tries_until_its_deadline_and_then_says_what_the_node_said() {
        rig.ready();
        var parcel = rig.send(rig.parcel(1, plan(), Duration.ofSeconds(10)));
        rig.inspector = packet -> {};
        for (int i = 0; i < 40; i++) {
            rig.say(queueStatus(lastId(), FULL)).passSeconds(0.25);
        }
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, FAILED);
        assertThat(parcel.failure()).contains(DeliveryFailure.TX_QUEUE_FULL);
        assertThat(parcel.ends).isOne();
        assertThat(rig.sentIds()).doesNotHaveDuplicates().hasSizeBetween(5, 10);
    }

    /** A text that comes too soon is accepted by the node and refused by a packet of its own. */
    @Test
    void a_text_that_came_too_soon_goes_again_when_its_time_has_come() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(TEXT).wantAck());
        rig.say(queueStatus(parcel.id(), 0), routing(OWN, parcel.id(), Routing.Error.RATE_LIMIT_EXCEEDED));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
        assertThat(parcel.ends).isZero();
        rig.passSeconds(1.999);
        assertThat(rig.sent()).hasSize(1);
        rig.passSeconds(0.001);
        assertThat(rig.sent()).hasSize(2);

        rig.say(queueStatus(lastId(), 0), routing(OWN, lastId(), Routing.Error.NONE));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED, ACKNOWLEDGED);
        assertThat(parcel.acknowledgements).hasSize(1);
    }

    @Test
    void the_refusal_may_come_first() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(TEXT));
        rig.say(routing(OWN, parcel.id(), Routing.Error.RATE_LIMIT_EXCEEDED), queueStatus(parcel.id(), 0));
        assertThat(parcel.ends).isZero();
        rig.passSeconds(2).say(queueStatus(lastId(), 0));
        assertThat(rig.sentIds()).hasSize(2).doesNotHaveDuplicates();
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
    }

    @Test
    void another_node_that_is_asked_too_often_has_refused_for_good() {
        rig.ready();
        var parcel = rig.send(plan().to(PEER).wantAck());
        rig.say(queueStatus(parcel.id(), 0), routing(PEER, parcel.id(), Routing.Error.RATE_LIMIT_EXCEEDED));
        assertThat(parcel.failure()).contains(DeliveryFailure.RATE_LIMITED);
        assertThat(parcel.ends).isOne();
    }

    @Test
    void what_the_mesh_says_of_it_comes_under_the_id_its_sender_knows() {
        rig.ready();
        var parcel = rig.send(plan().to(PEER).wantAck());
        rig.say(queueStatus(parcel.id(), FULL))
                .passSeconds(1)
                .say(queueStatus(0, 0))
                .passSeconds(1);
        rig.say(queueStatus(lastId(), 0), routing(PEER, lastId(), Routing.Error.NONE));

        assertThat(parcel.acknowledgements).hasSize(1);
        assertThat(rig.packets).extracting(packet -> packet.requestId()).containsExactly(parcel.id());
    }

    @Test
    void a_second_word_on_the_refused_id_changes_nothing() {
        rig.ready();
        var parcel = rig.send(plan());
        rig.say(queueStatus(parcel.id(), FULL))
                .passSeconds(1)
                .say(queueStatus(0, 0))
                .passSeconds(1);
        assertThat(rig.sent()).hasSize(2);
        rig.say(queueStatus(parcel.id(), FULL), queueStatus(parcel.id(), 33)).passSeconds(2);
        assertThat(rig.sent()).hasSize(2);
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN);
    }

    @Test
    void what_is_answered_all_the_same_does_not_go_again() {
        rig.ready();
        var parcel = rig.send(plan().to(PEER).wantReply());
        rig.say(queueStatus(parcel.id(), FULL));
        var fresh = parcel.wireId();
        rig.say(ScriptedNode.answer(PEER, PRIVATE, fresh, com.google.protobuf.ByteString.EMPTY));
        assertThat(parcel.ends).isOne();
        rig.passSeconds(5);
        assertThat(rig.sent()).hasSize(1);
    }

    @Test
    void the_packets_of_its_lease_stay_behind_it_and_others_do_not() {
        rig.ready();
        var refused = rig.send(1, Plan.broadcast(TEXT));
        var behind = rig.send(1, plan());
        var other = rig.send(2, plan());
        rig.say(queueStatus(refused.id(), 0), routing(OWN, refused.id(), Routing.Error.NONE));
        rig.say(queueStatus(behind.id(), 0), queueStatus(other.id(), 0));

        var again = rig.send(1, Plan.broadcast(TEXT));
        rig.passSeconds(2);
        rig.say(routing(OWN, again.id(), Routing.Error.RATE_LIMIT_EXCEEDED));
        var late = rig.send(1, plan());
        var sooner = rig.send(2, plan());
        assertThat(lastId()).isEqualTo(sooner.id());
        rig.say(queueStatus(sooner.id(), 0)).passSeconds(2).say(queueStatus(lastId(), 0));
        assertThat(lastId()).isEqualTo(late.id());
    }

    @Test
    void a_command_that_was_refused_may_go_again_for_it_has_not_run() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(ADMIN).to(OWN).wantReply());
        rig.say(queueStatus(parcel.id(), FULL)).reconnect().passSeconds(1);
        assertThat(rig.sent()).hasSize(2);
        rig.reconnect().passSeconds(20);
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, UNKNOWN);
        assertThat(rig.sent()).as("nobody knows whether it has run now").hasSize(2);
    }

    // ---- a full node

    @Test
    void a_full_node_is_not_written_to_but_asked_now_and_then() {
        rig.ready();
        var first = rig.send(plan());
        rig.say(queueStatus(first.id(), 0, 0));
        var second = rig.send(plan());
        rig.passSeconds(3.5);
        assertThat(rig.sent()).hasSize(1);
        assertThat(rig.heartbeats()).isEqualTo(3);

        rig.say(queueStatus(0, 0, 1));
        assertThat(lastId()).isEqualTo(second.id());
    }

    @Test
    void nobody_asks_a_full_node_for_whom_nothing_waits() {
        rig.ready();
        var only = rig.send(plan());
        rig.say(queueStatus(only.id(), 0, 0)).passSeconds(20);
        assertThat(rig.heartbeats()).isZero();
    }

    @Test
    void a_node_without_a_radio_is_not_full() {
        rig.ready();
        var first = rig.send(plan());
        rig.say(dev.meshlease.proto.FromRadio.newBuilder()
                .setQueueStatus(dev.meshlease.proto.QueueStatus.newBuilder().setMeshPacketId(first.id()))
                .build());
        rig.send(plan());
        assertThat(rig.sent()).hasSize(2);
    }

    @Test
    void a_new_session_begins_with_room() {
        rig.ready();
        var first = rig.send(plan());
        rig.say(queueStatus(first.id(), 0, 0)).reconnect();
        rig.send(plan());
        assertThat(rig.sent()).hasSize(2);
    }

    // ---- urgency

    @Test
    void the_most_urgent_goes_first_and_a_lease_keeps_its_order() {
        var calm = rig.send(1, plan());
        var behindCalm = rig.send(1, plan().priority(MeshPacket.Priority.ALERT));
        var background = rig.send(2, plan().priority(MeshPacket.Priority.BACKGROUND));
        var high = rig.send(3, plan().priority(MeshPacket.Priority.HIGH));
        rig.ready();
        for (int i = 0; i < 4; i++) {
            rig.say(queueStatus(lastId(), 0));
        }
        assertThat(rig.sentIds()).containsExactly(high.id(), calm.id(), behindCalm.id(), background.id());
    }
}
