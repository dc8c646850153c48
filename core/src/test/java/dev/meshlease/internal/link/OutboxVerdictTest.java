package dev.meshlease.internal.link;

import static dev.meshlease.DeliveryStage.ACCEPTED;
import static dev.meshlease.DeliveryStage.ACKNOWLEDGED;
import static dev.meshlease.DeliveryStage.FAILED;
import static dev.meshlease.DeliveryStage.QUEUED;
import static dev.meshlease.DeliveryStage.UNKNOWN;
import static dev.meshlease.DeliveryStage.WRITTEN;
import static dev.meshlease.internal.link.Parcel.PRIVATE;
import static dev.meshlease.internal.link.ScriptedNode.OWN;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.answer;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static dev.meshlease.internal.link.ScriptedNode.routing;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The node's verdict on a packet, its silence, and what a link loss makes of it. */
class OutboxVerdictTest {
    private final EngineRig rig = new EngineRig();

    @Test
    void a_packet_without_ack_ends_when_the_node_has_taken_it() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        rig.say(queueStatus(parcel.id(), 0), queueStatus(parcel.id(), 0));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
        assertThat(parcel.ends).isOne();
        assertThat(parcel.steps).extracting(step -> step.generation()).containsExactly(1L, 1L, 1L);
    }

    @Test
    void a_packet_with_ack_goes_on_from_there() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE).wantAck());
        rig.say(queueStatus(parcel.id(), 0));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
        assertThat(parcel.ends).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "33, NO_INTERFACE",
        "34, NO_INTERFACE",
        "7, TOO_LARGE",
        "6, NO_CHANNEL",
        "9, DUTY_CYCLE",
        "39, PKI",
        "250, OTHER"
    })
    void a_refusal_says_why(int res, DeliveryFailure why) {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        var next = rig.send(Plan.broadcast(PRIVATE));
        rig.say(queueStatus(parcel.id(), res)).passSeconds(0.5);
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, FAILED);
        assertThat(parcel.failure()).contains(why);
        assertThat(parcel.ends).isOne();
        assertThat(rig.sentIds()).endsWith(next.id());
    }

    @Test
    void released_is_accepted() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        rig.say(queueStatus(parcel.id(), 35)).passSeconds(0.5);
        assertThat(parcel.stages()).endsWith(ACCEPTED);
    }

    /** The numbers of the node's own codes are those of routing errors too. */
    @ParameterizedTest
    @CsvSource({
        "32, BAD_REQUEST, OTHER",
        "33, NOT_AUTHORIZED, NOT_AUTHORIZED",
        "34, PKI_FAILED, PKI",
        "35, PKI_UNKNOWN_PUBKEY, PKI"
    })
    void unless_a_packet_says_that_the_number_means_something_else(int res, Routing.Error error, DeliveryFailure why) {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE).to(PEER));
        var next = rig.send(Plan.broadcast(PRIVATE).to(PEER));
        rig.say(queueStatus(parcel.id(), res)).passSeconds(0.1);
        assertThat(rig.sentIds()).as("the next waits").containsExactly(parcel.id());
        rig.say(routing(OWN, parcel.id(), error)).passSeconds(2);
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, FAILED);
        assertThat(parcel.failure()).contains(why);
        assertThat(rig.sentIds()).containsExactly(parcel.id(), next.id());
    }

    /** No node that is sound speaks of an id that it was not given yet. */
    @Test
    void one_that_is_said_to_fail_before_it_goes_again_fails_once() {
        rig.ready();
        var parcel = rig.send(rig.parcel(1, Plan.broadcast(PRIVATE).to(PEER), Duration.ofSeconds(3)));
        rig.say(queueStatus(parcel.id(), 32)).passSeconds(0.5);
        rig.say(routing(PEER, parcel.wireId(), Routing.Error.MAX_RETRANSMIT)).passSeconds(5);
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, FAILED);
        assertThat(parcel.failure()).contains(DeliveryFailure.MAX_RETRANSMIT);
    }

    @Test
    void a_link_loss_leaves_no_time_for_that() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        rig.say(queueStatus(parcel.id(), 34)).reconnect();
        assertThat(parcel.failure()).contains(DeliveryFailure.NO_INTERFACE);
        rig.passSeconds(20);
        assertThat(rig.sent()).hasSize(1);
    }

    @Test
    void verdicts_on_other_packets_and_on_none_change_nothing() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        var queued = rig.send(Plan.broadcast(PRIVATE));
        rig.say(queueStatus(0, 0), queueStatus(99, 32), queueStatus(queued.id(), 0));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN);
        assertThat(queued.stages()).containsExactly(QUEUED);
    }

    // ---- silence

    @Test
    void a_packet_without_verdict_is_repeated_once_to_the_last_bit_and_then_given_up() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        var next = rig.send(Plan.broadcast(PRIVATE));
        rig.passSeconds(4.999);
        assertThat(rig.sent()).hasSize(1);
        rig.passSeconds(0.001);
        assertThat(rig.sent()).hasSize(2);
        assertThat(rig.sent().get(1)).isEqualTo(rig.sent().get(0));
        assertThat(parcel.composed).isOne();
        rig.passSeconds(5);
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, UNKNOWN);
        assertThat(parcel.failure()).isEmpty();
        assertThat(parcel.ends).isOne();
        assertThat(rig.sentIds()).as("the node may not read").hasSize(2);
        assertThat(rig.heartbeats()).isOne();
        rig.say(queueStatus(0, 0));
        assertThat(rig.sentIds()).endsWith(next.id());
    }

    @Test
    void a_verdict_may_stand_behind_what_else_the_node_has_to_say() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        for (int i = 0; i < 35; i++) {
            rig.passSeconds(0.4).say(ScriptedNode.text(PEER, "chatter"));
        }
        assertThat(rig.sentIds()).as("not repeated").hasSize(1);
        rig.say(queueStatus(parcel.id(), 0));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
    }

    @Test
    void but_not_for_longer_than_half_a_minute() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        for (int i = 0; i < 75; i++) {
            rig.passSeconds(0.4).say(ScriptedNode.text(PEER, "chatter"));
        }
        assertThat(rig.sentIds()).containsExactly(parcel.id(), parcel.id());
    }

    @Test
    void a_node_that_gives_no_sign_is_believed_to_read_after_half_a_minute() {
        rig.ready("2.6.11");
        rig.send(Plan.broadcast(PRIVATE));
        var next = rig.send(rig.parcel(2, Plan.broadcast(PRIVATE), Duration.ofMinutes(2)));
        rig.passSeconds(39.999);
        assertThat(next.stages()).containsExactly(QUEUED);
        rig.passSeconds(0.001);
        assertThat(next.stages()).containsExactly(QUEUED, WRITTEN);
    }

    @Test
    void a_repeated_packet_may_still_be_accepted() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE));
        rig.passSeconds(7).say(queueStatus(parcel.id(), 0)).passSeconds(20);
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
        assertThat(rig.sent()).hasSize(2);
    }

    @Test
    void each_packet_is_repeated_in_its_turn() {
        rig.ready();
        var first = rig.send(Plan.broadcast(PRIVATE));
        var second = rig.send(Plan.broadcast(PRIVATE));
        rig.passSeconds(10).say(queueStatus(0, 0)).passSeconds(9.999);
        assertThat(rig.sentIds()).containsExactly(first.id(), first.id(), second.id(), second.id());
    }

    @Test
    void a_packet_that_waits_for_an_ack_is_not_given_up_for_want_of_a_verdict() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        rig.passSeconds(12).say(queueStatus(0, 0));
        assertThat(parcel.ends).isZero();
        rig.say(routing(PEER, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACKNOWLEDGED);
        assertThat(parcel.ends).isOne();
    }

    /** The node keeps two verdicts; its own traffic can push ours out. */
    @Test
    void whatever_the_node_says_of_a_packet_stands_for_its_verdict() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(Parcel.ADMIN).to(OWN).wantReply());
        var next = rig.send(Plan.broadcast(PRIVATE));
        rig.say(answer(OWN, Parcel.ADMIN, parcel.id(), ByteString.EMPTY));
        assertThat(parcel.answers).hasSize(1);
        assertThat(rig.sentIds()).containsExactly(parcel.id(), next.id());
    }

    @Test
    void a_packet_that_no_frame_can_carry_fails_and_the_next_one_goes() {
        rig.ready();
        var huge = rig.send(Plan.broadcast(PRIVATE).bytes(600));
        var next = rig.send(Plan.broadcast(PRIVATE));
        assertThat(huge.failure()).contains(DeliveryFailure.TOO_LARGE);
        assertThat(huge.ends).isOne();
        assertThat(rig.sentIds()).containsExactly(next.id());
    }

    // ---- link loss

    @Test
    void what_a_loss_cut_off_goes_first_in_the_next_session_under_its_id() {
        rig.ready();
        var cut = rig.send(1, Plan.broadcast(PRIVATE));
        var next = rig.send(2, Plan.broadcast(PRIVATE));
        rig.reconnect();
        assertThat(cut.stages()).containsExactly(QUEUED, WRITTEN);
        rig.passSeconds(1);
        assertThat(rig.sentIds()).containsExactly(cut.id(), cut.id());
        rig.say(queueStatus(cut.id(), 0));
        assertThat(cut.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
        assertThat(cut.steps.get(2).generation()).isEqualTo(2);
        assertThat(rig.sentIds()).endsWith(next.id());
    }

    /** A connection that is dead without a word swallows some packets before that is found out. */
    @Test
    void so_do_those_whose_verdict_was_waited_for_no_longer_in_their_order() {
        rig.ready();
        var first = rig.send(Plan.broadcast(PRIVATE).wantAck());
        var own = rig.send(Plan.broadcast(PRIVATE).to(OWN).wantAck());
        var second = rig.send(Plan.broadcast(PRIVATE).wantAck());
        rig.passSeconds(10)
                .say(queueStatus(0, 0))
                .passSeconds(10)
                .say(queueStatus(0, 0))
                .passSeconds(5);
        assertThat(rig.sentIds()).endsWith(second.id());
        int before = rig.sent().size();

        rig.reconnect();
        assertThat(own.stages()).containsExactly(QUEUED, WRITTEN, UNKNOWN);
        assertThat(own.failure()).contains(DeliveryFailure.LINK_DOWN);
        rig.passSeconds(1).say(queueStatus(first.id(), 0));
        assertThat(rig.sentIds().subList(before, before + 2)).containsExactly(first.id(), second.id());
    }

    @Test
    void the_last_sessions_verdict_may_still_come_and_then_nothing_is_sent_twice() {
        rig.ready();
        var cut = rig.send(Plan.broadcast(PRIVATE));
        var next = rig.send(Plan.broadcast(PRIVATE));
        rig.reconnect().say(queueStatus(cut.id(), 0)).passSeconds(1);
        assertThat(cut.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED);
        assertThat(cut.ends).isOne();
        assertThat(rig.sentIds()).containsExactly(cut.id(), next.id());
    }

    @Test
    void so_may_its_ack_or_its_nak() {
        for (Routing.Error error : List.of(Routing.Error.NONE, Routing.Error.NO_CHANNEL)) {
            var another = new EngineRig();
            another.ready();
            var cut = another.send(Plan.broadcast(PRIVATE).to(PEER).wantAck());
            another.reconnect().say(routing(PEER, cut.id(), error)).passSeconds(20);
            assertThat(cut.ends).isOne();
            assertThat(another.sentIds()).containsExactly(cut.id());
        }
    }

    @Test
    void a_packet_cut_off_again_and_again_is_still_one_packet() {
        rig.ready();
        var cut = rig.send(Plan.broadcast(PRIVATE));
        for (int i = 0; i < 3; i++) {
            rig.reconnect().passSeconds(1);
        }
        assertThat(rig.sentIds()).containsOnly(cut.id()).hasSize(4);
        rig.closed(Loss.Kind.RESET).passSeconds(400);
        assertThat(cut.stages()).containsExactly(QUEUED, WRITTEN, UNKNOWN);
        assertThat(cut.ends).isOne();
    }

    @Test
    void a_packet_cut_off_whose_deadline_passes_in_the_meantime_is_not_sent_late() {
        rig.ready();
        var cut = rig.send(rig.parcel(1, Plan.broadcast(PRIVATE), Duration.ofSeconds(10)));
        rig.closed(Loss.Kind.RESET).passSeconds(10);
        assertThat(cut.stages()).containsExactly(QUEUED, WRITTEN, UNKNOWN);
        rig.opened().shakeHands(EngineRig.FIRMWARE).passSeconds(5);
        assertThat(rig.sent()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"true, PRIVATE_APP", "true, ADMIN_APP", "false, ADMIN_APP"})
    void what_might_run_twice_is_not_sent_twice(boolean toOwn, PortNum port) {
        rig.ready();
        var cut =
                rig.send(Plan.broadcast(port.getNumber()).to(toOwn ? OWN : PEER).wantAck());
        rig.closed(Loss.Kind.RESET);
        assertThat(cut.stages()).containsExactly(QUEUED, WRITTEN, UNKNOWN);
        assertThat(cut.failure()).contains(DeliveryFailure.LINK_DOWN);
        assertThat(cut.ends).isOne();
        rig.retry().opened().shakeHands(EngineRig.FIRMWARE).passSeconds(20);
        assertThat(rig.sent()).hasSize(1);
    }

    @Test
    void what_the_node_has_accepted_is_not_sent_again() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        rig.say(queueStatus(parcel.id(), 0)).reconnect().passSeconds(20);
        assertThat(rig.sent()).hasSize(1);
        rig.say(routing(PEER, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.acknowledgements).hasSize(1);
    }

    @Test
    void a_packet_is_not_counted_as_written_once_the_connection_is_being_cut() {
        rig.ready().passSeconds(45);
        assertThat(rig.aborts).isOne();
        var parcel = rig.send(Plan.broadcast(Parcel.ADMIN).to(OWN));
        rig.passSeconds(1);
        assertThat(parcel.stages()).containsExactly(QUEUED);
        rig.reconnect();
        assertThat(rig.sentIds()).containsExactly(parcel.id());
    }

    @Test
    void every_verdict_in_any_order_ends_each_packet_once() {
        rig.ready();
        var parcels = new ArrayList<Parcel>();
        for (int i = 0; i < 10; i++) {
            parcels.add(rig.send(Plan.broadcast(PRIVATE).wantAck()));
            rig.passSeconds(10).say(queueStatus(0, 0));
        }
        Collections.reverse(parcels);
        parcels.forEach(parcel -> rig.say(queueStatus(parcel.id(), 7), queueStatus(parcel.id(), 0)));
        assertThat(parcels).allMatch(parcel -> parcel.ends == 1);
        assertThat(parcels)
                .extracting(Parcel::stages)
                .allMatch(stages -> stages.equals(List.of(QUEUED, WRITTEN, FAILED)));
    }
}
