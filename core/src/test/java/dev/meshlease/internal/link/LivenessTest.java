package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.READY;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static dev.meshlease.internal.link.ScriptedNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.LossCause;
import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LivenessTest {
    private final EngineRig rig = new EngineRig();

    @Test
    void a_heartbeat_goes_out_after_thirty_seconds_of_silence() {
        rig.ready().passSeconds(29.999);
        assertThat(rig.heartbeats()).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.heartbeats()).isOne();
        assertThat(rig.written.get(1).getHeartbeat().getNonce()).isZero();
    }

    @Test
    void a_node_that_does_not_answer_it_within_fifteen_seconds_is_dead() {
        rig.ready().passSeconds(44.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.aborts).isOne();
        assertThat(rig.hangUps).isZero();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.DEAD);
        assertThat(rig.loss().evidence()).contains("45 s");
    }

    @Test
    void any_byte_is_a_sign_of_life() {
        rig.ready();
        for (int i = 0; i < 100; i++) {
            rig.passSeconds(14).say(new byte[] {0});
        }
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.aborts).isZero();
    }

    @Test
    void a_node_that_answers_lives_for_ever() {
        rig.ready();
        for (int minute = 0; minute < 60; minute++) {
            rig.passSeconds(30).say(queueStatus(0, 0)).passSeconds(30).say(queueStatus(0, 0));
        }
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.heartbeats()).isEqualTo(120);
    }

    /** The node closes after 15 minutes without a word from its client, however much it says itself. */
    @Test
    void a_node_that_talks_all_the_time_hears_from_us_every_thirty_seconds_all_the_same() {
        rig.ready();
        for (int second = 0; second < 300; second++) {
            rig.passSeconds(1).say(text(PEER, "chatter"));
        }
        assertThat(rig.heartbeats()).isBetween(9L, 10L);
        assertThat(rig.state()).isEqualTo(READY);
    }

    @Test
    void writing_alone_is_no_sign_of_life() {
        rig.ready();
        for (int second = 0; second < 44; second++) {
            rig.passSeconds(1);
            rig.send(rig.parcel(1, Plan.broadcast(Parcel.PRIVATE), Duration.ofMillis(500)));
        }
        assertThat(rig.aborts).isZero();
        rig.passSeconds(1).closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.DEAD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.7.3.abcdef", "2.6.11.60ec05e", "1.9.99", "", "unknown"})
    void firmware_that_is_not_known_to_answer_heartbeats_is_asked_for_its_metadata(String firmware) throws Exception {
        rig.ready(firmware).passSeconds(30);
        assertThat(rig.heartbeats()).isZero();
        MeshPacket question = rig.sent().get(0);
        assertThat(question.getTo()).isEqualTo(ScriptedNode.OWN.number());
        assertThat(question.getDecoded().getPortnum()).isEqualTo(PortNum.ADMIN_APP);
        assertThat(question.getDecoded().getWantResponse()).isTrue();
        assertThat(AdminMessage.parseFrom(question.getDecoded().getPayload()).getGetDeviceMetadataRequest())
                .isTrue();
    }

    @Test
    void its_answer_is_nobody_elses_business() {
        rig.ready("2.6.11").passSeconds(30);
        rig.say(
                queueStatus(rig.sentIds().get(0), 0),
                metadataAnswer(rig.sentIds().get(0)));
        assertThat(rig.packets).isEmpty();
        rig.say(text(PEER, "hi"));
        assertThat(rig.packets).hasSize(1);
    }

    @Test
    void nor_is_a_late_answer_to_an_earlier_one() {
        rig.ready("2.6.11").passSeconds(30).say(text(PEER, "hi")).passSeconds(30);
        assertThat(rig.sent()).hasSize(2);
        rig.say(
                metadataAnswer(rig.sentIds().get(0)),
                metadataAnswer(rig.sentIds().get(1)));
        assertThat(rig.packets).hasSize(1);
    }

    @Test
    void what_others_say_meanwhile_is_no_answer_of_the_nodes() {
        rig.ready("2.6.11").passSeconds(30).say(text(PEER, "hi")).passSeconds(134.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.aborts).isOne();
    }

    private static FromRadio metadataAnswer(int requestId) {
        return ScriptedNode.answer(ScriptedNode.OWN, Parcel.ADMIN, requestId, ByteString.EMPTY);
    }

    @Test
    void one_that_has_never_answered_is_dead_after_four_questions() {
        rig.ready("2.6.11").passSeconds(134.999);
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.aborts).isZero();
        assertThat(rig.sent()).hasSize(4);
        rig.passSeconds(0.001).closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.DEAD);
        assertThat(rig.loss().evidence()).contains("135 s");
    }

    @Test
    void a_byte_in_between_has_the_count_begin_anew() {
        rig.ready("2.6.11").passSeconds(110).say(new byte[] {0}).passSeconds(114.999);
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.aborts).isOne();
    }

    @Test
    void one_that_has_answered_before_is_after_one() {
        rig.ready("2.6.11").passSeconds(30);
        rig.say(metadataAnswer(rig.sentIds().get(0)));
        rig.passSeconds(44.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001).closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.DEAD);
    }

    @ParameterizedTest
    @CsvSource({
        "2.7.4, true",
        "2.7.4.1234567, true",
        "2.7.26.54e0d8d, true",
        "2.8.0-develop, true",
        "3.0.0, true",
        "2.7.3, false",
        "2.6.99, false",
        "1.8.0, false",
        "2.7, false",
        "v2.7.4, false"
    })
    void heartbeats_are_answered_since_2_7_4(String firmware, boolean answers) {
        assertThat(Liveness.answersHeartbeats(firmware)).isEqualTo(answers);
    }

    @Test
    void a_loop_that_was_held_up_asks_before_it_judges() {
        rig.ready().tick(Duration.ofHours(1).toNanos());
        assertThat(rig.aborts).isZero();
        assertThat(rig.heartbeats()).isOne();
        rig.say(queueStatus(0, 0));
        assertThat(rig.state()).isEqualTo(READY);
    }

    @Test
    void no_heartbeat_is_sent_to_a_link_that_is_about_to_close() {
        rig.ready().rest().passSeconds(100);
        assertThat(rig.heartbeats()).isZero();
    }

    @Test
    void an_idle_link_has_nothing_due_sooner_than_its_heartbeat() {
        rig.ready();
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(30).toNanos());
    }
}
