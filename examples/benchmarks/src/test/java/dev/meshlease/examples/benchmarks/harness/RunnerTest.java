package dev.meshlease.examples.benchmarks.harness;

import static dev.meshlease.examples.benchmarks.harness.Target.atLeast;
import static dev.meshlease.examples.benchmarks.harness.Target.atMost;
import static dev.meshlease.examples.benchmarks.harness.Verdict.FAIL;
import static dev.meshlease.examples.benchmarks.harness.Verdict.INCONCLUSIVE;
import static dev.meshlease.examples.benchmarks.harness.Verdict.PASS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerTest {
    private static final Runner RUNNER = new Runner(Runner.ENOUGH_PAIRS);

    private static Verdict verdict(Benchmark benchmark) throws Exception {
        return RUNNER.run(benchmark).verdict();
    }

    @Test
    void warms_up_then_takes_turns_and_changes_the_order_from_pair_to_pair() throws Exception {
        FakeComparison comparison = new FakeComparison(atMost(1), 1, 1);

        Outcome unused = new Runner(3).run(comparison);

        String warmUp = "BC".repeat(3);
        String control = "BB";
        assertThat(comparison.asked()).isEqualTo(warmUp + "BC" + control + "CB" + control + "BC" + control + ".");
    }

    @Test
    void says_it_all_in_one_line() throws Exception {
        Outcome outcome = RUNNER.run(new FakeComparison(atMost(1.25), 100, 93));

        assertThat(outcome.line())
                .isEqualTo("fake.comparison ratio=0.93 [0.93..0.93] pairs=9 jdk=" + System.getProperty("java.version")
                        + " cpus=" + Runtime.getRuntime().availableProcessors() + " control=1.00 target<=1.25 PASS");
    }

    @Test
    void a_cost_must_not_be_above_its_target() throws Exception {
        assertThat(verdict(new FakeComparison(atMost(2), 10, 20))).isEqualTo(PASS);
        assertThat(verdict(new FakeComparison(atMost(2), 10, 21))).isEqualTo(FAIL);
    }

    @Test
    void a_rate_must_not_be_below_its_target() throws Exception {
        assertThat(verdict(new FakeComparison(atLeast(2), 10, 20))).isEqualTo(PASS);
        assertThat(verdict(new FakeComparison(atLeast(2), 10, 19))).isEqualTo(FAIL);
    }

    @ParameterizedTest
    @CsvSource({
        "0.89, 9, INCONCLUSIVE",
        "0.90, 9, PASS",
        "1.00, 9, PASS",
        "1.10, 9, PASS",
        "1.11, 9, INCONCLUSIVE",
        "1.00, 8, INCONCLUSIVE",
        "1.00, 10, PASS"
    })
    void there_is_no_verdict_with_a_control_far_from_1_or_with_few_pairs(double control, int pairs, Verdict expected) {
        assertThat(Runner.verdict(atMost(5), 3, control, pairs)).isEqualTo(expected);
    }

    @Test
    void a_failure_needs_a_control_too() {
        assertThat(Runner.verdict(atMost(5), 50, 1.2, 9)).isEqualTo(INCONCLUSIVE);
        assertThat(Runner.verdict(atMost(5), 50, 1.0, 9)).isEqualTo(FAIL);
    }

    /** Every other sample of this baseline costs twice as much, and of the control's two the same one does each time. */
    @Test
    void the_control_is_the_baseline_against_itself() throws Exception {
        Outcome outcome = RUNNER.run(new FakeComparison(atMost(5), List.of(1.0, 2.0), 1.5));

        assertThat(outcome.line()).contains(" control=2.00 ");
        assertThat(outcome.verdict()).isEqualTo(INCONCLUSIVE);
    }

    @Test
    void fewer_pairs_are_run_but_decide_nothing() throws Exception {
        Outcome outcome = new Runner(2).run(new FakeComparison(atMost(5), 1, 1));

        assertThat(outcome.line()).contains(" pairs=2 ").endsWith(" INCONCLUSIVE");
    }

    @Test
    void closes_the_pair_when_a_sample_is_no_use() {
        FakeComparison comparison = new FakeComparison(atMost(1), 0, 1);

        assertThatThrownBy(() -> RUNNER.run(comparison)).isInstanceOf(IllegalStateException.class);

        assertThat(comparison.asked()).endsWith(".");
    }

    @Test
    void counts_once_without_a_control() throws Exception {
        assertThat(RUNNER.run(new FakeBound(atMost(20), 20)).line())
                .isEqualTo("fake.bound things=20 per=200 target<=20 PASS");
        assertThat(RUNNER.run(new FakeBound(atMost(20), 21)).line())
                .isEqualTo("fake.bound things=21 per=200 target<=20 FAIL");
    }
}
