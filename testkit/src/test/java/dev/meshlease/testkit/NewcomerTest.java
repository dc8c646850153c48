package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.node.Newcomer;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a connection while another one is being served. */
class NewcomerTest {
    private static Bench bench(Newcomer newcomer) {
        return Bench.of(SimulatedNode.builder().nodes(1).with(Switch.NEWCOMER, newcomer));
    }

    @Test
    void one_that_starves_stays_open_and_is_told_nothing() {
        Bench bench = bench(Newcomer.STARVES);
        Bench.Client first = bench.ready();
        Bench.Client second = bench.connect();
        second.wantsConfig(2);
        bench.host.advance(Duration.ofHours(1));

        assertThat(second.received()).isEmpty();
        assertThat(second.end).isEqualTo("none");
        assertThat(first.end).as("idle for too long").isEqualTo("FIN");
        assertThat(bench.node.evictions()).isZero();
    }

    @Test
    void the_incumbent_is_served_on() {
        Bench bench = bench(Newcomer.STARVES);
        Bench.Client first = bench.ready();
        bench.connect();
        bench.node.peers().get(0).says("hello");
        bench.host.advance(Bench.MOMENT);

        assertThat(first.texts()).containsExactly("hello");
    }

    @Test
    void one_that_comes_after_the_incumbent_has_left_is_served_while_the_starving_one_goes_on_starving() {
        Bench bench = bench(Newcomer.STARVES);
        Bench.Client first = bench.ready();
        Bench.Client second = bench.connect();
        second.wantsConfig(2);
        first.leaves();
        Bench.Client third = bench.ready();

        assertThat(second.received()).isEmpty();
        assertThat(third.end).isEqualTo("none");
        third.wantsConfig(3);
        bench.host.advance(Bench.MOMENT);
        assertThat(third.received()).last().matches(FromRadio::hasConfigCompleteId);
    }

    @Test
    void a_third_newcomer_without_a_pause_is_served_after_all() {
        Bench bench = bench(Newcomer.STARVES);
        Bench.Client first = bench.ready();
        Bench.Client second = bench.knocks();
        Bench.Client third = bench.knocks();
        Bench.Client fourth = bench.knocks();
        bench.host.advance(Duration.ofMillis(100 + 200 + 400));

        assertThat(first.end).isEqualTo("FIN");
        assertThat(second.end).isEqualTo("none");
        assertThat(third.end).isEqualTo("none");
        fourth.wantsConfig(4);
        bench.host.advance(Bench.MOMENT);
        assertThat(fourth.received()).isNotEmpty();
    }

    @Test
    void starving_ones_take_up_the_backlog_until_they_leave() {
        Bench bench = Bench.of(
                SimulatedNode.builder().with(Switch.NEWCOMER, Newcomer.STARVES).with(Switch.BACKLOG, 1));
        Bench.Client first = bench.ready();
        Bench.Client second = bench.connect();
        first.leaves();
        Bench.Client third = bench.connect();
        assertThat(bench.node.accepted()).isEqualTo(2);
        second.leaves();
        bench.host.advance(Bench.ACCEPTED);

        assertThat(second.end).isEqualTo("FIN");
        third.wantsConfig(3);
        bench.host.advance(Bench.MOMENT);
        assertThat(third.received()).isNotEmpty();
    }

    @Test
    void a_rival_that_starves_evicts_nobody() {
        Bench bench = bench(Newcomer.STARVES);
        Bench.Client client = bench.ready();
        bench.node.evictClient();

        assertThat(client.end).isEqualTo("none");
        assertThat(bench.node.evictions()).isZero();
    }

    @Test
    void one_that_is_late_takes_over_after_600_ms_in_which_the_incumbents_last_words_are_read() {
        Bench bench = bench(Newcomer.TAKES_OVER_LATE);
        Bench.Client first = bench.ready();
        Bench.Client second = bench.connect();
        second.wantsConfig(2);
        first.sends(Bench.broadcast(5, "last words"));
        bench.host.advance(Duration.ofMillis(450));
        assertThat(first.end).isEqualTo("none");
        assertThat(second.received()).isEmpty();
        bench.host.advance(Duration.ofMillis(200));

        assertThat(bench.node.sent()).hasSize(1);
        assertThat(first.end).isEqualTo("FIN");
        assertThat(second.received()).last().matches(FromRadio::hasConfigCompleteId);
        assertThat(bench.node.evictions()).isEqualTo(1);
    }

    @Test
    void while_one_is_late_nobody_else_is_accepted() {
        Bench bench = bench(Newcomer.TAKES_OVER_LATE);
        bench.ready();
        bench.connect();
        bench.connect();
        assertThat(bench.node.accepted()).isEqualTo(2);
        bench.host.advance(Duration.ofMillis(700));

        assertThat(bench.node.accepted()).isEqualTo(3);
    }

    @Test
    void a_restart_forgets_all_of_them() {
        Bench bench = bench(Newcomer.STARVES);
        Bench.Client first = bench.ready();
        Bench.Client second = bench.connect();
        bench.node.reboot();
        bench.host.advance(Duration.ofSeconds(10));

        assertThat(first.end).isEqualTo("silence");
        assertThat(second.end).isEqualTo("silence");
        assertThat(bench.ready().end).isEqualTo("none");
    }
}
