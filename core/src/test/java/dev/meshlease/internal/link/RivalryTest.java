package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.BACKING_OFF;
import static dev.meshlease.LinkState.CONNECTING;
import static dev.meshlease.LinkState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Contention;
import dev.meshlease.LinkLoss;
import dev.meshlease.LossCause;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RivalryTest {
    private final EngineRig rig = new EngineRig();

    /** Connects, and is evicted a second after the handshake. */
    private void evicted(Loss.Kind kind) {
        rig.retry().opened().shakeHands(EngineRig.FIRMWARE).passSeconds(1).closed(kind);
    }

    private void lasts(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            rig.passSeconds(1).say(ScriptedNode.queueStatus(0, 0));
        }
    }

    private void contended() {
        rig.demand();
        for (int i = 0; i < Rivalry.EVICTIONS; i++) {
            evicted(Loss.Kind.END_OF_STREAM);
        }
        assertThat(rig.engine.status().contention()).isPresent();
    }

    @Test
    void two_ends_soon_after_the_handshake_are_no_proof() {
        rig.demand();
        evicted(Loss.Kind.END_OF_STREAM);
        evicted(Loss.Kind.RESET);

        assertThat(rig.engine.status().contention()).isEmpty();
        assertThat(rig.engine.status().losses())
                .extracting(LinkLoss::cause)
                .containsExactly(LossCause.END_OF_STREAM, LossCause.RESET);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @ParameterizedTest
    @EnumSource(
            value = Loss.Kind.class,
            names = {"END_OF_STREAM", "RESET"})
    void the_third_one_is_and_says_what_was_seen(Loss.Kind kind) {
        rig.demand();
        var begin = rig.now().wall();
        for (int i = 0; i < 3; i++) {
            evicted(kind);
        }

        assertThat(rig.cause()).isEqualTo(LossCause.DISPLACED);
        assertThat(rig.loss().evidence()).isEqualTo("as scripted, 1.0 s after the node accepted the connection");
        assertThat(rig.engine.status().contention()).contains(new Contention(begin.plusSeconds(1), 3));
        assertThat(rig.engine.status().toString())
                .contains("CONTENDED: 3 connections in a row accepted and soon ended")
                .contains("last loss DISPLACED");
    }

    @Test
    void a_contended_link_waits_longer_each_time_but_never_beyond_two_minutes() {
        contended();
        List<Double> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(rig.untilDue() / 1e9);
            evicted(Loss.Kind.END_OF_STREAM);
        }
        assertThat(waits.get(0)).isBetween(30.0, 36.0);
        assertThat(waits.get(1)).isBetween(45.0, 54.0);
        assertThat(waits.get(2)).isBetween(67.5, 81.0);
        assertThat(waits.subList(5, 8)).allSatisfy(wait -> assertThat(wait).isEqualTo(120));
        assertThat(rig.engine.status().contention().orElseThrow().evictions()).isEqualTo(11);
    }

    @Test
    void it_is_over_when_a_connection_lasts() {
        contended();
        rig.retry().opened().shakeHands(EngineRig.FIRMWARE);
        long contendedFor = 0;
        while (rig.engine.status().contention().isPresent()) {
            rig.passSeconds(10).say(ScriptedNode.queueStatus(0, 0));
            contendedFor += 10;
        }
        assertThat(contendedFor).isEqualTo(180);
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.statuses.get(rig.statuses.size() - 1).contention())
                .as("watchers are told")
                .isEmpty();

        rig.closed(Loss.Kind.END_OF_STREAM);
        assertThat(rig.cause()).isEqualTo(LossCause.END_OF_STREAM);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void a_rival_that_waits_as_long_as_we_do_is_still_one() {
        contended();
        rig.retry().opened().shakeHands(EngineRig.FIRMWARE);
        lasts(Duration.ofSeconds(90));
        rig.closed(Loss.Kind.END_OF_STREAM);

        assertThat(rig.cause()).isEqualTo(LossCause.DISPLACED);
        assertThat(rig.untilDue()).isGreaterThan(Duration.ofSeconds(40).toNanos());
    }

    @ParameterizedTest
    @EnumSource(
            value = Loss.Kind.class,
            names = {"REFUSED", "UNREACHABLE", "TIMED_OUT"})
    void a_node_that_cannot_be_reached_three_times_has_no_rival(Loss.Kind kind) {
        contended();
        rig.retry().closed(kind).retry().closed(kind);
        assertThat(rig.engine.status().contention()).isPresent();
        assertThat(rig.cause().name()).isEqualTo(kind.name());
        rig.retry().closed(kind);
        assertThat(rig.engine.status().contention()).isEmpty();
    }

    @Test
    void one_attempt_that_fails_in_between_starts_nothing_over() {
        contended();
        evicted(Loss.Kind.END_OF_STREAM);
        rig.retry().closed(Loss.Kind.TIMED_OUT);
        evicted(Loss.Kind.END_OF_STREAM);
        assertThat(rig.engine.status().contention().orElseThrow().evictions()).isEqualTo(5);
        assertThat(rig.untilDue() / 1e9).isGreaterThan(100);
    }

    /** A lease that comes and goes, and a rival that is there all the time. */
    @Test
    void leases_that_come_and_go_cost_no_more_connections_than_one_that_stays() {
        rig.demand();
        long begin = rig.now().nanos();
        while (rig.now().nanos() - begin < Duration.ofMinutes(10).toNanos()) {
            if (rig.state() == CONNECTING) {
                rig.opened().shakeHands(EngineRig.FIRMWARE).passSeconds(1).closed(Loss.Kind.END_OF_STREAM);
            }
            rig.passSeconds(2).rest();
            if (rig.wire != EngineRig.Wire.NONE) {
                rig.closed(Loss.Kind.CLOSED);
            }
            rig.passSeconds(8).demand();
        }
        assertThat(rig.connects).isBetween(5, 15);
        assertThat(rig.engine.status().contention()).isPresent();
    }

    @Test
    void nor_do_leases_that_go_before_the_rival_comes() {
        contended();
        int before = rig.connects;
        long begin = rig.now().nanos();
        while (rig.now().nanos() - begin < Duration.ofMinutes(10).toNanos()) {
            if (rig.state() == CONNECTING) {
                rig.opened().shakeHands(EngineRig.FIRMWARE).rest().closed(Loss.Kind.CLOSED);
            }
            rig.passSeconds(5).demand();
        }
        assertThat(rig.connects - before).isBetween(5, 15);
    }

    @Test
    void a_node_that_restarts_again_and_again_has_no_rival() {
        rig.demand();
        for (int i = 0; i < 10; i++) {
            evicted(Loss.Kind.RESET);
            rig.retry().closed(Loss.Kind.REFUSED);
        }
        assertThat(rig.engine.status().losses()).extracting(LinkLoss::cause).doesNotContain(LossCause.DISPLACED);
    }

    @Test
    void a_node_that_never_completes_a_handshake_has_no_rival_either() {
        rig.demand();
        for (int i = 0; i < 10; i++) {
            rig.retry().opened().passSeconds(1).closed(Loss.Kind.END_OF_STREAM);
        }
        assertThat(rig.engine.status().contention()).isEmpty();
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
    }

    @Test
    void one_that_comes_in_the_middle_of_the_handshake_counts() {
        rig.demand();
        evicted(Loss.Kind.END_OF_STREAM);
        rig.retry().opened().passSeconds(0.1).closed(Loss.Kind.RESET);
        rig.retry().opened().passSeconds(0.1).closed(Loss.Kind.RESET);
        assertThat(rig.cause()).isEqualTo(LossCause.DISPLACED);
    }

    @Test
    void evictions_while_the_last_verdict_is_waited_for_make_the_waits_longer_like_others() {
        long begin = rig.now().nanos();
        while (rig.now().nanos() - begin < Duration.ofMinutes(10).toNanos()) {
            rig.demand().retry().opened().shakeHands(EngineRig.FIRMWARE);
            rig.send(rig.parcel(1, Parcel.Plan.broadcast(Parcel.PRIVATE), Duration.ofMillis(400)));
            rig.rest().passSeconds(0.5).closed(Loss.Kind.END_OF_STREAM);
        }
        assertThat(rig.connects).isBetween(5, 15);
    }

    /** On a node that tells its configuration bit by bit, a rival may come in the middle of each handshake. */
    @Test
    void even_if_all_of_them_do_once_the_node_has_served_this_link() {
        rig.ready();
        lasts(Duration.ofHours(1));
        rig.closed(Loss.Kind.END_OF_STREAM);
        for (int i = 0; i < Rivalry.EVICTIONS; i++) {
            assertThat(rig.engine.status().contention()).isEmpty();
            rig.retry().opened().passSeconds(0.1).closed(Loss.Kind.RESET);
        }
        assertThat(rig.engine.status().contention()).isPresent();
    }

    /** An ESP32 restarts without a word, and resets its connection at the first question afterwards. */
    @Test
    void a_node_that_counts_its_restarts_has_none_and_its_losses_are_told_as_restarts() {
        rig.demand();
        for (int restarts = 1; restarts < 6; restarts++) {
            rig.retry().opened().shakeHands(EngineRig.FIRMWARE, restarts);
            lasts(Duration.ofSeconds(20));
            rig.closed(Loss.Kind.RESET);
        }
        rig.retry().opened().shakeHands(EngineRig.FIRMWARE, 6);

        assertThat(rig.engine.status().contention()).isEmpty();
        assertThat(rig.engine.status().losses()).extracting(LinkLoss::cause).containsOnly(LossCause.REBOOTED);
        assertThat(rig.loss().evidence()).isEqualTo("its count of restarts went from 5 to 6; seen as as scripted");
    }

    @Test
    void ends_long_after_the_handshake_are_no_duel() {
        rig.demand();
        for (int i = 0; i < 10; i++) {
            rig.retry().opened().shakeHands(EngineRig.FIRMWARE);
            lasts(Duration.ofSeconds(61));
            rig.closed(Loss.Kind.END_OF_STREAM);
        }
        assertThat(rig.engine.status().contention()).isEmpty();
    }

    @Test
    void a_backoff_cut_short_connects_at_once_and_starts_the_waits_over() {
        contended();
        evicted(Loss.Kind.END_OF_STREAM);
        rig.engine.resetBackoff(rig.now());
        rig.opened().shakeHands(EngineRig.FIRMWARE).passSeconds(1).closed(Loss.Kind.END_OF_STREAM);
        assertThat(rig.cause()).isEqualTo(LossCause.DISPLACED);
        assertThat(rig.untilDue() / 1e9).isBetween(30.0, 36.0);
    }

    /** The official Python client makes 600 connections against the same rival. */
    @Test
    void a_rival_that_comes_back_every_second_for_ten_minutes_costs_few_connections() {
        rig.demand();
        long begin = rig.now().nanos();
        while (rig.now().nanos() - begin < Duration.ofMinutes(10).toNanos()) {
            evicted(Loss.Kind.END_OF_STREAM);
        }
        assertThat(rig.connects).isBetween(5, 12);
    }
}
