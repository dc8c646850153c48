package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.BACKING_OFF;
import static dev.meshlease.LinkState.CONNECTING;
import static dev.meshlease.LinkState.HANDSHAKING;
import static dev.meshlease.LinkState.IDLE;
import static dev.meshlease.LinkState.READY;
import static dev.meshlease.internal.link.EngineRig.FIRMWARE;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.rebooted;
import static dev.meshlease.internal.link.ScriptedNode.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.meshlease.LinkLoss;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkState;
import dev.meshlease.LossCause;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.message.Cursor;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From IDLE to READY, and what a loss does. */
class LifeCycleTest {
    private final EngineRig rig = new EngineRig();

    @Test
    void waits_that_never_start_over_or_never_end_growing_are_a_policy() {
        Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
        EngineRig patient = new EngineRig(LinkOptions.builder()
                .reconnect(new ReconnectPolicy(Duration.ofSeconds(1), ever, 0, ever))
                .build());

        patient.ready().reconnect().closed(Loss.Kind.RESET);

        assertThat(patient.state()).isEqualTo(LinkState.BACKING_OFF);
        assertThat(patient.untilDue()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void rests_until_somebody_wants_it() {
        rig.passSeconds(10_000);
        assertThat(rig.state()).isEqualTo(IDLE);
        assertThat(rig.connects).isZero();
    }

    @Test
    void goes_from_idle_to_ready() {
        rig.ready();
        assertThat(rig.states()).containsExactly(CONNECTING, HANDSHAKING, READY);
        assertThat(rig.connects).isOne();
        assertThat(rig.snapshots).hasSize(1);
        assertThat(rig.engine.status().generation()).isOne();
    }

    @Test
    void a_second_demand_changes_nothing() {
        rig.demand().demand().opened().demand();
        assertThat(rig.connects).isOne();
    }

    @Test
    void the_first_failure_is_treated_like_any_later_one() {
        rig.demand().closed(Loss.Kind.REFUSED);
        assertThat(rig.states()).containsExactly(CONNECTING, BACKING_OFF);
        assertThat(rig.cause()).isEqualTo(LossCause.REFUSED);
        assertThat(rig.loss().generation()).isZero();

        rig.passSeconds(1).opened().shakeHands(FIRMWARE).passSeconds(1);
        assertThat(rig.state()).isEqualTo(READY);
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, REFUSED",
        "UNREACHABLE, UNREACHABLE",
        "TIMED_OUT, TIMED_OUT",
        "RESET, RESET",
        "END_OF_STREAM, END_OF_STREAM",
        "BUSY, BUSY",
        "NO_SUCH_DEVICE, NO_SUCH_DEVICE",
        "NOT_PERMITTED, NOT_PERMITTED",
        "UNAVAILABLE, UNAVAILABLE",
        "FAILED, DEVICE"
    })
    void a_loss_in_each_state_is_backed_off_from_and_told_by_its_cause(Loss.Kind kind, LossCause cause) {
        rig.demand().closed(kind);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        assertThat(rig.cause()).isEqualTo(cause);

        rig.retry().opened().closed(kind);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        assertThat(rig.cause()).isEqualTo(cause);

        rig.retry().opened().shakeHands(FIRMWARE).closed(kind);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        assertThat(rig.cause()).isEqualTo(cause);
        assertThat(rig.loss().generation()).isEqualTo(2);
        assertThat(rig.loss().evidence()).isEqualTo("as scripted");
    }

    @Test
    void an_address_that_does_not_resolve_is_a_loss_like_others() {
        rig.demand().unlocated();
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        assertThat(rig.cause()).isEqualTo(LossCause.UNRESOLVED);
        rig.passSeconds(1);
        assertThat(rig.state()).isEqualTo(CONNECTING);
    }

    @Test
    void a_device_that_comes_ends_the_wait_for_it() {
        rig.demand().missing();
        rig.retry().missing();
        rig.retry().missing();
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        rig.deviceCame();
        assertThat(rig.state()).isEqualTo(CONNECTING);
        rig.closed(Loss.Kind.BUSY);
        assertThat(rig.untilDue())
                .as("the waits start over")
                .isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"BUSY, 1000", "NOT_PERMITTED, 500", "FAILED, 1000", "REFUSED, 4000"})
    void an_attempt_that_is_the_first_to_find_a_device_ends_the_wait_for_it_too(Loss.Kind kind, long waitMillis) {
        rig.demand().closed(kind).retry().closed(kind);
        for (int i = 0; i < 5; i++) {
            rig.retry().missing();
        }
        rig.retry().closed(kind);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofMillis(waitMillis).toNanos());
    }

    @Test
    void waits_for_a_missing_device_say_nothing_against_it_once_it_is_there() {
        rig.demand().missing().deviceCame().closed(Loss.Kind.BUSY);
        for (int i = 0; i < 5; i++) {
            rig.retry().missing();
        }
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(16).toNanos());
        rig.deviceCame().closed(Loss.Kind.BUSY);
        assertThat(rig.untilDue())
                .as("longer than the first time")
                .isEqualTo(Duration.ofSeconds(2).toNanos());
        rig.retry().missing();
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void a_device_that_comes_ends_no_wait_for_anything_else() {
        rig.demand().closed(Loss.Kind.NO_SUCH_DEVICE).deviceCame();
        assertThat(rig.state()).as("it was there, and could not be opened").isEqualTo(BACKING_OFF);
        rig.retry().missing().retry().unlocated();
        assertThat(rig.deviceCame().state()).isEqualTo(BACKING_OFF);
        rig.retry().opened().shakeHands(FIRMWARE).deviceCame();
        assertThat(rig.state()).isEqualTo(READY);
        rig.engine.claimLost("suspended", rig.now());
        rig.closed(Loss.Kind.CLOSED).deviceCame();
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        rig.rest().deviceCame();
        assertThat(rig.state()).isEqualTo(IDLE);
        rig.close().deviceCame();
        assertThat(rig.state()).isEqualTo(LinkState.CLOSED);
    }

    @Test
    void a_device_that_comes_leaves_a_rival_its_time() {
        rig.ready();
        for (int i = 0; i < Rivalry.EVICTIONS; i++) {
            rig.reconnect();
        }
        rig.closed(Loss.Kind.RESET).retry().missing();
        assertThat(rig.engine.status().contention()).isPresent();
        assertThat(rig.deviceCame().state()).isEqualTo(BACKING_OFF);
    }

    @Test
    void a_connection_that_ends_by_itself_is_backed_off_from_even_if_it_is_said_to_be_ours() {
        rig.ready().closed(Loss.Kind.CLOSED);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        assertThat(rig.endings).isZero();
    }

    @Test
    void gives_up_connecting_after_thirty_seconds() {
        rig.demand().passSeconds(29.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.aborts).isOne();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.TIMED_OUT);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
    }

    @Test
    void an_attempt_given_up_does_not_come_back_to_life() {
        rig.demand().passSeconds(30);
        rig.opened().say(ScriptedNode.myInfo());
        assertThat(rig.state()).isEqualTo(CONNECTING);
        assertThat(rig.written).isEmpty();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
    }

    @Test
    void insists_until_an_aborted_attempt_has_ended() {
        rig.demand().passSeconds(30 + 7);
        assertThat(rig.aborts).isGreaterThan(1);
        assertThat(rig.state()).isEqualTo(CONNECTING);
        assertThat(rig.connects).isOne();
    }

    @Test
    void a_restart_that_the_node_tells_ends_the_session() {
        rig.ready().say(rebooted(), text(PEER, "too late"));
        assertThat(rig.aborts).isOne();
        assertThat(rig.packets).isEmpty();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.REBOOTED);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
    }

    @Test
    void a_loss_leaves_a_gap_in_the_stream_of_packets_and_its_places_go_on() {
        rig.ready().say(text(PEER, "one"));
        rig.reconnect().say(text(PEER, "two"));
        assertThat(rig.gaps).containsExactly(new Cursor(7, 1));
        assertThat(rig.snapshots.get(1).cursor()).isEqualTo(new Cursor(7, 1));
        assertThat(rig.snapshots.get(1).generation()).isEqualTo(2);
        assertThat(rig.packets.get(1).reception().generation()).isEqualTo(2);
        assertThat(rig.packets.get(1).cursor()).isEqualTo(new Cursor(7, 2));
    }

    @Test
    void an_attempt_that_never_was_ready_leaves_no_gap() {
        rig.demand().opened().closed(Loss.Kind.RESET);
        assertThat(rig.gaps).isEmpty();
    }

    @Test
    void waits_double_up_to_the_longest() {
        rig.demand();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            rig.closed(Loss.Kind.REFUSED);
            waits.add(rig.untilDue() / 1_000_000_000);
            rig.retry();
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void waits_start_over_only_after_thirty_seconds_of_ready() {
        rig.demand();
        for (double seconds : new double[] {1, 2, 4}) {
            rig.closed(Loss.Kind.REFUSED).passSeconds(seconds);
        }
        rig.opened().shakeHands(FIRMWARE).passSeconds(29.9).closed(Loss.Kind.RESET);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(8).toNanos());

        rig.passSeconds(8).opened().shakeHands(FIRMWARE).passSeconds(30).closed(Loss.Kind.RESET);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void a_long_handshake_is_no_steady_session() {
        rig.demand().closed(Loss.Kind.REFUSED).passSeconds(1).opened();
        for (int i = 0; i < 10; i++) {
            rig.passSeconds(5).say(ScriptedNode.myInfo());
        }
        rig.closed(Loss.Kind.RESET);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void waits_differ_by_the_jitter() {
        var policy = new ReconnectPolicy(Duration.ofSeconds(10), Duration.ofSeconds(10), 0.5, Duration.ZERO);
        var jittery = new EngineRig(LinkOptions.builder().reconnect(policy).build());
        jittery.demand();
        List<Double> waits = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            jittery.closed(Loss.Kind.REFUSED);
            waits.add(jittery.untilDue() / 1e9);
            jittery.retry();
        }
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(5.0, 15.0));
        assertThat(waits.stream().mapToDouble(Double::doubleValue).min().orElseThrow())
                .isLessThan(5.5);
        assertThat(waits.stream().mapToDouble(Double::doubleValue).max().orElseThrow())
                .isGreaterThan(14.5);
        assertThat(waits.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
                .isCloseTo(10, within(1.0));
    }

    @Test
    void a_backoff_cut_short_connects_at_once_and_starts_over() {
        rig.demand().closed(Loss.Kind.REFUSED).passSeconds(1).closed(Loss.Kind.REFUSED);
        rig.engine.resetBackoff(rig.now());
        assertThat(rig.state()).isEqualTo(CONNECTING);
        rig.closed(Loss.Kind.REFUSED);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void a_backoff_cut_short_elsewhere_starts_no_second_connection() {
        rig.engine.resetBackoff(rig.now());
        assertThat(rig.state()).isEqualTo(IDLE);
        rig.ready();
        rig.engine.resetBackoff(rig.now());
        assertThat(rig.connects).isOne();
    }

    @Test
    void the_last_sixteen_losses_are_remembered() {
        rig.demand();
        for (int i = 0; i < 17; i++) {
            rig.closed(i == 0 ? Loss.Kind.UNREACHABLE : Loss.Kind.REFUSED).retry();
        }
        assertThat(rig.engine.status().losses())
                .hasSize(16)
                .extracting(LinkLoss::cause)
                .containsOnly(LossCause.REFUSED);
    }
}
