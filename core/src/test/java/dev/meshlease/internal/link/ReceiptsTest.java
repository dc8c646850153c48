package dev.meshlease.internal.link;

import static dev.meshlease.DeliveryStage.ACCEPTED;
import static dev.meshlease.DeliveryStage.ACKNOWLEDGED;
import static dev.meshlease.DeliveryStage.FAILED;
import static dev.meshlease.DeliveryStage.QUEUED;
import static dev.meshlease.DeliveryStage.RELAYED;
import static dev.meshlease.DeliveryStage.UNKNOWN;
import static dev.meshlease.DeliveryStage.WRITTEN;
import static dev.meshlease.internal.link.Parcel.PRIVATE;
import static dev.meshlease.internal.link.ScriptedNode.OWN;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.answer;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static dev.meshlease.internal.link.ScriptedNode.routing;
import static dev.meshlease.internal.link.ScriptedNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.Acknowledgement;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Routing;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Acks, naks and answers. */
class ReceiptsTest {
    private final EngineRig rig = new EngineRig();

    @BeforeEach
    void ready() {
        rig.ready();
    }

    @Test
    void a_broadcast_is_acknowledged_by_being_heard_repeated() {
        var parcel = accepted(Plan.broadcast(PRIVATE).wantAck());
        rig.passSeconds(3).say(routing(OWN, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACCEPTED, ACKNOWLEDGED);
        assertThat(parcel.acknowledgements)
                .containsExactly(new Acknowledgement(OWN, true, rig.now().wall(), Duration.ofSeconds(3)));
        assertThat(parcel.ends).isOne();
    }

    @Test
    void a_direct_message_is_acknowledged_by_its_destination() {
        var parcel = accepted(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        rig.say(routing(OWN, parcel.id(), Routing.Error.NONE), routing(OWN, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.stages()).endsWith(RELAYED).containsOnlyOnce(RELAYED);
        assertThat(parcel.ends).isZero();
        rig.say(routing(PEER, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.stages()).endsWith(RELAYED, ACKNOWLEDGED);
        assertThat(parcel.acknowledgements)
                .hasSize(1)
                .allMatch(ack -> !ack.isImplicit() && ack.by().equals(PEER));
        assertThat(parcel.ends).isOne();
    }

    @Test
    void an_ack_from_somebody_else_on_the_way_is_no_more_than_a_relay() {
        var parcel = accepted(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        rig.say(routing(new NodeId(77), parcel.id(), Routing.Error.NONE));
        assertThat(parcel.stages()).endsWith(RELAYED);
        assertThat(parcel.ends).isZero();
    }

    @Test
    void a_packet_to_the_own_node_is_acknowledged_by_it_and_not_implicitly() {
        var parcel = accepted(Plan.broadcast(PRIVATE).to(OWN).wantAck());
        rig.say(routing(OWN, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.acknowledgements).hasSize(1).noneMatch(Acknowledgement::isImplicit);
    }

    @Test
    void a_second_ack_adds_nothing() {
        var parcel = accepted(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        rig.say(routing(PEER, parcel.id(), Routing.Error.NONE));
        rig.say(
                routing(PEER, parcel.id(), Routing.Error.NONE),
                routing(OWN, parcel.id(), Routing.Error.MAX_RETRANSMIT));
        assertThat(parcel.stages()).endsWith(ACCEPTED, ACKNOWLEDGED);
        assertThat(parcel.acknowledgements).hasSize(1);
        assertThat(parcel.ends).isOne();
    }

    @Test
    void an_ack_before_the_verdict_frees_the_way_for_the_next_packet() {
        var parcel = rig.send(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        var next = rig.send(Plan.broadcast(PRIVATE));
        rig.say(routing(PEER, parcel.id(), Routing.Error.NONE), queueStatus(parcel.id(), 0));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN, ACKNOWLEDGED);
        assertThat(rig.sentIds()).containsExactly(parcel.id(), next.id());
    }

    @ParameterizedTest
    @CsvSource({
        "MAX_RETRANSMIT, MAX_RETRANSMIT",
        "NO_ROUTE, NO_ROUTE",
        "GOT_NAK, NO_ROUTE",
        "TIMEOUT, NO_ROUTE",
        "NO_INTERFACE, NO_INTERFACE",
        "NO_CHANNEL, NO_CHANNEL",
        "TOO_LARGE, TOO_LARGE",
        "NO_RESPONSE, NO_RESPONSE",
        "DUTY_CYCLE_LIMIT, DUTY_CYCLE",
        "NOT_AUTHORIZED, NOT_AUTHORIZED",
        "PKI_FAILED, PKI",
        "PKI_UNKNOWN_PUBKEY, PKI",
        "BAD_REQUEST, OTHER"
    })
    void a_nak_says_why(Routing.Error error, DeliveryFailure why) {
        var parcel = accepted(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        rig.say(routing(OWN, parcel.id(), error));
        assertThat(parcel.stages()).endsWith(ACCEPTED, FAILED);
        assertThat(parcel.failure()).contains(why);
        assertThat(parcel.ends).isOne();
    }

    @ParameterizedTest
    @EnumSource(
            value = Routing.Error.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "BAD_REQUEST", "UNRECOGNIZED"})
    void every_error_has_a_meaning_of_its_own(Routing.Error error) {
        assertThat(Verdicts.ofRouting(error)).isNotEqualTo(DeliveryFailure.OTHER);
    }

    @Test
    void an_ack_that_comes_after_a_nak_is_noted_and_the_end_stays_the_end() {
        var parcel = accepted(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        rig.say(routing(OWN, parcel.id(), Routing.Error.MAX_RETRANSMIT));
        rig.passSeconds(10).say(routing(PEER, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.stages()).endsWith(FAILED, ACKNOWLEDGED);
        assertThat(parcel.acknowledgements).isEmpty();
        assertThat(parcel.ends).isOne();
    }

    @Test
    void an_ack_nobody_asked_for_is_traffic() {
        var parcel = rig.send(Plan.broadcast(PRIVATE).to(PEER));
        rig.say(routing(PEER, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.stages()).containsExactly(QUEUED, WRITTEN);
        assertThat(rig.packets).hasSize(1);
    }

    @Test
    void a_receipt_that_cannot_be_read_or_carries_a_route_says_nothing() {
        var parcel = accepted(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        int routing = dev.meshlease.proto.PortNum.ROUTING_APP_VALUE;
        var route = Routing.newBuilder().setRouteReply(RouteDiscovery.getDefaultInstance());
        rig.say(answer(PEER, routing, parcel.id(), ByteString.copyFrom(new byte[] {(byte) 0xff})));
        rig.say(answer(PEER, routing, parcel.id(), route.build().toByteString()));
        assertThat(parcel.stages()).endsWith(ACCEPTED);
        assertThat(rig.packets).hasSize(2);
    }

    @Test
    void an_empty_receipt_is_an_ack() {
        var parcel = accepted(Plan.broadcast(PRIVATE).to(PEER).wantAck());
        rig.say(answer(PEER, dev.meshlease.proto.PortNum.ROUTING_APP_VALUE, parcel.id(), ByteString.EMPTY));
        assertThat(parcel.acknowledgements).hasSize(1);
    }

    @Test
    void an_ack_after_the_deadline_is_noted_for_five_minutes_and_the_end_stays_the_end() {
        var parcel = rig.send(rig.parcel(1, Plan.broadcast(PRIVATE).to(PEER).wantAck(), Duration.ofSeconds(25)));
        var other = rig.send(rig.parcel(1, Plan.broadcast(PRIVATE).to(PEER).wantAck(), Duration.ofSeconds(25)));
        rig.say(queueStatus(parcel.id(), 0), queueStatus(other.id(), 0)).passSeconds(25);
        assertThat(parcel.stages()).endsWith(UNKNOWN);
        alive(299);
        rig.say(routing(PEER, parcel.id(), Routing.Error.NONE));
        assertThat(parcel.stages()).endsWith(UNKNOWN, ACKNOWLEDGED);
        assertThat(parcel.ends).isOne();
        alive(2);
        rig.say(routing(PEER, other.id(), Routing.Error.NONE));
        assertThat(other.stages()).endsWith(UNKNOWN);
    }

    /** Time passes in which the node is heard. */
    private void alive(int seconds) {
        for (int left = seconds; left > 0; left -= 10) {
            rig.passSeconds(Math.min(left, 10)).say(text(PEER, "still here"));
        }
    }

    // ---- questions

    @Test
    void an_answer_ends_the_question() {
        var question = accepted(Plan.broadcast(Parcel.ADMIN).to(OWN).wantReply());
        assertThat(question.ends).isZero();
        rig.say(answer(OWN, Parcel.ADMIN, question.id(), ByteString.EMPTY));
        rig.say(answer(OWN, Parcel.ADMIN, question.id(), ByteString.EMPTY));
        assertThat(question.answers).hasSize(1);
        assertThat(question.ends).isOne();
        assertThat(rig.packets).hasSize(2);
    }

    @Test
    void a_packet_on_another_port_is_no_answer() {
        var question = accepted(Plan.broadcast(Parcel.ADMIN).to(OWN).wantReply());
        rig.say(answer(OWN, Parcel.TEXT, question.id(), ByteString.EMPTY));
        assertThat(question.answers).isEmpty();
        assertThat(question.ends).isZero();
    }

    @Test
    void a_nak_ends_the_question() {
        var question = accepted(Plan.broadcast(PRIVATE).to(PEER).wantReply());
        rig.say(routing(PEER, question.id(), Routing.Error.NO_RESPONSE));
        assertThat(question.failure()).contains(DeliveryFailure.NO_RESPONSE);
        assertThat(question.ends).isOne();
    }

    @Test
    void a_question_without_answer_ends_at_its_deadline() {
        var question = rig.send(rig.parcel(1, Plan.broadcast(PRIVATE).to(PEER).wantReply(), Duration.ofSeconds(20)));
        rig.say(queueStatus(question.id(), 0)).passSeconds(20);
        assertThat(question.stages()).endsWith(ACCEPTED, UNKNOWN);
        assertThat(question.ends).isOne();
    }

    private Parcel accepted(Plan plan) {
        var parcel = rig.send(plan);
        rig.say(queueStatus(parcel.id(), 0));
        return parcel;
    }
}
