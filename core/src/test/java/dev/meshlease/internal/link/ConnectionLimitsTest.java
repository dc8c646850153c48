package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.BACKING_OFF;
import static dev.meshlease.LinkState.CONNECTING;
import static dev.meshlease.LinkState.IDLE;
import static dev.meshlease.LinkState.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.LinkOptions;
import dev.meshlease.LossCause;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How old a connection may become, and how long a write may take. */
class ConnectionLimitsTest {
    private static final LinkOptions OLD_AT_AN_HOUR = LinkOptions.builder()
            .reconnect(EngineRig.WITHOUT_JITTER)
            .maximumAge(Duration.ofHours(1))
            .build();

    private EngineRig rig = new EngineRig(OLD_AT_AN_HOUR);

    private void lasts(Duration time) {
        for (long passed = 0; passed < time.toSeconds(); passed += 10) {
            rig.passSeconds(10).say(ScriptedNode.queueStatus(0, 0));
        }
    }

    @Test
    void an_old_connection_is_ended_in_order_and_replaced_at_once() {
        rig.ready();
        lasts(Duration.ofSeconds(3590));
        assertThat(rig.hangUps).isZero();

        lasts(Duration.ofSeconds(10));
        assertThat(rig.hangUps).isOne();
        assertThat(rig.saidGoodbye()).isTrue();

        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.CLOSED_BY_US);
        assertThat(rig.loss().evidence()).isEqualTo("older than PT1H");
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        rig.passSeconds(0);
        assertThat(rig.state()).isEqualTo(CONNECTING);
        rig.opened().shakeHands(EngineRig.FIRMWARE);
        lasts(Duration.ofMinutes(59));
        assertThat(rig.state()).isEqualTo(READY);
    }

    @Test
    void a_verdict_that_is_still_to_come_is_waited_for() {
        rig.ready();
        lasts(Duration.ofSeconds(3590));
        rig.passSeconds(9);
        var parcel = rig.send(Parcel.Plan.broadcast(Parcel.PRIVATE));
        rig.passSeconds(1.5);
        assertThat(rig.hangUps).isZero();
        rig.say(ScriptedNode.queueStatus(parcel.id(), 0));
        assertThat(rig.hangUps).isOne();
        assertThat(parcel.ends).isOne();
    }

    @Test
    void a_link_that_comes_to_rest_meanwhile_is_not_replaced() {
        rig.ready();
        lasts(Duration.ofSeconds(3600));
        rig.rest().closed(Loss.Kind.CLOSED).passSeconds(100);
        assertThat(rig.state()).isEqualTo(IDLE);
        assertThat(rig.connects).isOne();
    }

    @Test
    void connections_become_as_old_as_they_like_if_nothing_else_is_said() {
        rig = new EngineRig();
        rig.ready();
        lasts(Duration.ofDays(3));
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.connects).isOne();
    }

    @Test
    void the_age_is_kept_by_a_changed_copy_and_checked() {
        assertThat(OLD_AT_AN_HOUR.toBuilder().build().maximumAge()).contains(Duration.ofHours(1));
        assertThat(LinkOptions.builder().build().maximumAge()).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> LinkOptions.builder().maximumAge(Duration.ofSeconds(59)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a minute or more");
    }

    @Test
    void a_node_that_takes_nothing_of_what_is_written_is_dead_however_much_it_says() {
        rig.ready().stuck(true);
        for (int i = 0; i < 14; i++) {
            rig.passSeconds(1).say(ScriptedNode.text(ScriptedNode.PEER, "chatter"));
        }
        assertThat(rig.aborts).isZero();
        rig.passSeconds(1).say(ScriptedNode.text(ScriptedNode.PEER, "chatter"));
        assertThat(rig.aborts).isOne();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.DEAD);
        assertThat(rig.loss().evidence()).contains("took nothing of what was written for 15 s");
    }

    @Test
    void one_that_takes_something_now_and_then_is_not() {
        rig.ready();
        for (int i = 0; i < 10; i++) {
            rig.stuck(true).passSeconds(14).say(ScriptedNode.queueStatus(0, 0));
        }
        assertThat(rig.aborts).isZero();
    }

    @Test
    void a_handshake_whose_question_is_not_taken_does_not_wait_for_ever() {
        rig.demand().opened().stuck(true);
        for (int i = 0; i < 15; i++) {
            rig.passSeconds(1).say(ScriptedNode.text(ScriptedNode.PEER, "chatter"));
        }
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.DEAD);
    }
}
