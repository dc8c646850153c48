package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.BACKING_OFF;
import static dev.meshlease.LinkState.CLOSED;
import static dev.meshlease.LinkState.CONNECTING;
import static dev.meshlease.LinkState.HANDSHAKING;
import static dev.meshlease.LinkState.IDLE;
import static dev.meshlease.LinkState.READY;
import static dev.meshlease.internal.link.EngineRig.FIRMWARE;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static dev.meshlease.internal.link.ScriptedNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.LossCause;
import dev.meshlease.NotReadyException;
import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rest and close, in every state, and second thoughts. */
class WindingDownTest {
    private final EngineRig rig = new EngineRig();

    /** Where an engine can be when the end comes. */
    enum Place {
        FRESH,
        CONNECTING_NOW,
        SHAKING_HANDS,
        READY_NOW,
        BACKING_OFF_NOW,
        GIVING_UP;

        void bring(EngineRig rig) {
            switch (this) {
                case FRESH -> {}
                case CONNECTING_NOW -> rig.demand();
                case SHAKING_HANDS -> rig.demand().opened();
                case READY_NOW -> rig.ready();
                case BACKING_OFF_NOW -> rig.demand().closed(Loss.Kind.REFUSED);
                case GIVING_UP -> rig.ready().passSeconds(45);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void close_ends_it_from_anywhere_exactly_once(Place place) {
        place.bring(rig);
        rig.close();
        if (rig.wire != EngineRig.Wire.NONE) {
            assertThat(rig.hangUps + rig.aborts).isOne();
            assertThat(rig.endings).isZero();
            rig.closed(Loss.Kind.CLOSED);
        }
        assertThat(rig.state()).isEqualTo(CLOSED);
        assertThat(rig.endings).isOne();

        rig.close().rest().demand();
        rig.engine.resetBackoff(rig.now());
        rig.passSeconds(10_000);
        assertThat(rig.endings).isOne();
        assertThat(rig.state()).isEqualTo(CLOSED);
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void rest_brings_it_to_idle_from_anywhere(Place place) {
        place.bring(rig);
        rig.rest();
        if (rig.wire != EngineRig.Wire.NONE) {
            assertThat(rig.hangUps + rig.aborts).isOne();
            rig.closed(Loss.Kind.CLOSED);
        }
        assertThat(rig.state()).isEqualTo(IDLE);
        assertThat(rig.endings).isEqualTo(place == Place.FRESH ? 0 : 1);
        rig.passSeconds(10_000);
        assertThat(rig.state()).isEqualTo(IDLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"CONNECTING_NOW", "SHAKING_HANDS", "READY_NOW"})
    void second_thoughts_reconnect_as_soon_as_the_old_connection_has_ended(Place place) {
        place.bring(rig);
        rig.rest().demand();
        assertThat(rig.connects).isOne();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.connects).isEqualTo(2);
        assertThat(rig.state()).isEqualTo(CONNECTING);
        rig.opened().shakeHands(FIRMWARE);
    }

    @Test
    void a_backoff_that_nobody_waits_for_is_waited_out_at_the_next_demand() {
        rig.demand().closed(Loss.Kind.REFUSED).passSeconds(0.3).rest().passSeconds(0.3);
        assertThat(rig.state()).isEqualTo(IDLE);
        rig.demand();
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        rig.passSeconds(0.399);
        assertThat(rig.connects).isOne();
        rig.passSeconds(0.001);
        assertThat(rig.state()).isEqualTo(CONNECTING);
    }

    @Test
    void or_cut_short() {
        rig.demand().closed(Loss.Kind.REFUSED).rest();
        rig.engine.resetBackoff(rig.now());
        rig.demand();
        assertThat(rig.state()).isEqualTo(CONNECTING);
    }

    @Test
    void who_gives_up_what_does_not_come_about_does_not_get_it_sooner() {
        rig.demand()
                .closed(Loss.Kind.REFUSED)
                .retry()
                .rest()
                .closed(Loss.Kind.CLOSED)
                .demand();
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void after_a_sound_connection_the_next_is_made_at_once() {
        rig.ready().passSeconds(5).rest().closed(Loss.Kind.CLOSED).demand();
        assertThat(rig.state()).isEqualTo(CONNECTING);
    }

    @Test
    void wanting_it_again_and_again_not_leaves_it_idle() {
        rig.ready().rest().demand().rest().closed(Loss.Kind.CLOSED);
        assertThat(rig.state()).isEqualTo(IDLE);
        assertThat(rig.connects).isOne();
    }

    @Test
    void close_outdoes_rest() {
        rig.ready().rest().close().demand().closed(Loss.Kind.CLOSED);
        assertThat(rig.state()).isEqualTo(CLOSED);
        assertThat(rig.endings).isOne();
    }

    /** As it is when the address is looked up, and leads to another link's node. */
    @Test
    void a_duplicate_that_is_found_while_connecting_is_told() {
        var why = new NotReadyException("why", rig.engine.status().endpoint(), null, null);
        rig.demand();
        rig.engine.close(why, rig.now());
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.states()).endsWith(CONNECTING, CLOSED);
        assertThat(rig.engine.status().closedWith()).contains(why);
    }

    @Test
    void what_it_was_closed_with_is_told() {
        var why = new NotReadyException("why", rig.engine.status().endpoint(), null, null);
        rig.ready();
        rig.engine.close(why, rig.now());
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.engine.status().closedWith()).contains(why);
    }

    @Test
    void says_goodbye_in_ready_and_in_a_handshake() {
        rig.demand().opened().rest();
        assertThat(rig.saidGoodbye()).isTrue();
        assertThat(rig.hangUps).isOne();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.CLOSED_BY_US);

        rig.ready().rest();
        assertThat(rig.saidGoodbye()).isTrue();
        assertThat(rig.hangUps).isOne();
    }

    @Test
    void a_hang_up_without_answer_is_cut() {
        rig.ready().close().passSeconds(1.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.aborts).isOne();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.state()).isEqualTo(CLOSED);
    }

    @Test
    void a_verdict_still_open_is_waited_for_and_no_longer() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(Parcel.PRIVATE));
        rig.close().passSeconds(1);
        assertThat(rig.saidGoodbye()).isFalse();
        rig.say(queueStatus(parcel.id(), 0));
        assertThat(rig.saidGoodbye()).isTrue();
        assertThat(rig.hangUps).isOne();
        assertThat(parcel.stages()).endsWith(DeliveryStage.ACCEPTED);
    }

    @Test
    void a_verdict_that_does_not_come_is_waited_for_two_seconds() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(Parcel.PRIVATE));
        rig.close().passSeconds(1.999);
        assertThat(rig.saidGoodbye()).isFalse();
        rig.passSeconds(0.001);
        assertThat(rig.saidGoodbye()).isTrue();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(parcel.stages()).endsWith(DeliveryStage.UNKNOWN);
        assertThat(parcel.failure()).contains(DeliveryFailure.LINK_DOWN);
        assertThat(parcel.ends).isOne();
    }

    @Test
    void resting_and_closing_again_do_not_prolong_the_wait() {
        rig.ready();
        rig.send(Plan.broadcast(Parcel.PRIVATE));
        rig.rest().passSeconds(1).rest().passSeconds(0.5).close().passSeconds(0.5);
        assertThat(rig.saidGoodbye()).isTrue();
    }

    @Test
    void nothing_new_is_begun_while_the_last_verdict_is_awaited() {
        rig.ready();
        var first = rig.send(Plan.broadcast(Parcel.PRIVATE));
        var second = rig.send(Plan.broadcast(Parcel.PRIVATE));
        rig.close().say(queueStatus(first.id(), 0));
        assertThat(rig.sentIds()).containsExactly(first.id());
        rig.closed(Loss.Kind.CLOSED);
        assertThat(second.stages()).containsExactly(DeliveryStage.QUEUED, DeliveryStage.FAILED);
        assertThat(second.failure()).contains(DeliveryFailure.LINK_DOWN);
    }

    @Test
    void wanted_again_before_the_goodbye_it_goes_on_as_if_nothing_had_been() {
        rig.ready();
        var first = rig.send(Plan.broadcast(Parcel.PRIVATE));
        rig.rest();
        var second = rig.send(Plan.broadcast(Parcel.PRIVATE));
        rig.demand().say(queueStatus(first.id(), 0));
        assertThat(rig.sentIds()).containsExactly(first.id(), second.id());
        rig.say(queueStatus(second.id(), 0)).passSeconds(20);
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.connects).isOne();
        assertThat(rig.saidGoodbye()).isFalse();
    }

    @Test
    void what_is_sent_after_the_goodbye_waits_for_the_next_connection() {
        rig.ready().rest().demand();
        var parcel = rig.send(Plan.broadcast(Parcel.ADMIN).to(PEER));
        rig.passSeconds(1);
        assertThat(parcel.stages()).containsExactly(DeliveryStage.QUEUED);
        rig.closed(Loss.Kind.CLOSED).opened().shakeHands(FIRMWARE);
        assertThat(rig.sentIds()).containsExactly(parcel.id());
    }

    @Test
    void what_may_not_wait_is_refused_once_the_goodbye_is_said() {
        rig.ready().rest().demand();
        var parcel = rig.parcel(1, Plan.broadcast(Parcel.PRIVATE), java.time.Duration.ofMinutes(1));
        rig.engine.submit(parcel, false, rig.now());
        assertThat(parcel.failure()).contains(DeliveryFailure.LINK_DOWN);
    }

    @Test
    void what_is_sent_while_it_closes_is_refused() {
        rig.ready().close();
        var parcel = rig.send(Plan.broadcast(Parcel.PRIVATE));
        assertThat(parcel.stages()).containsExactly(DeliveryStage.FAILED);
        assertThat(parcel.failure()).contains(DeliveryFailure.LINK_DOWN);
        assertThat(parcel.ends).isOne();
    }

    @Test
    void a_loss_while_winding_down_is_rest_and_told_by_its_own_cause() {
        rig.ready();
        rig.send(Plan.broadcast(Parcel.PRIVATE));
        rig.rest().closed(Loss.Kind.RESET);
        assertThat(rig.state()).isEqualTo(IDLE);
        assertThat(rig.cause()).isEqualTo(LossCause.RESET);
        assertThat(rig.endings).isOne();
    }

    @Test
    void bytes_after_the_goodbye_are_not_read() {
        rig.ready().rest().say(text(PEER, "late"));
        assertThat(rig.packets).isEmpty();
    }

    @Test
    void a_name_that_turns_out_unknown_after_all_interest_is_gone_is_rest() {
        rig.demand().rest().unlocated();
        assertThat(rig.state()).isEqualTo(IDLE);
        assertThat(rig.cause()).isEqualTo(LossCause.CLOSED_BY_US);
    }

    @Test
    void the_handshake_of_a_new_connection_has_a_nonce_of_its_own() {
        rig.ready();
        int first = rig.nonce();
        rig.rest().closed(Loss.Kind.CLOSED).demand().opened();
        assertThat(rig.state()).isEqualTo(HANDSHAKING);
        assertThat(rig.nonce()).isNotEqualTo(first);
    }
}
