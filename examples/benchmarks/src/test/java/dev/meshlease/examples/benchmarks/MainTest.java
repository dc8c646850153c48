package dev.meshlease.examples.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.examples.benchmarks.harness.Benchmark;
import dev.meshlease.examples.benchmarks.harness.FakeBound;
import dev.meshlease.examples.benchmarks.harness.FakeComparison;
import dev.meshlease.examples.benchmarks.harness.Target;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
    private static final Benchmark SLOW = new FakeComparison(Target.atMost(1), 1, 2);
    private static final Benchmark FAST = new FakeComparison(Target.atMost(3), 1, 2);
    private static final Benchmark BROKEN = new FakeComparison(Target.atMost(1), 0, 1);
    private static final Benchmark SMALL = new FakeBound(Target.atMost(20), 7);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String line, Benchmark... catalogue) {
        return Main.run(
                line.isEmpty() ? List.of() : List.of(line.split(" ", -1)),
                List.of(catalogue),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    @Test
    void a_missed_target_is_status_1() {
        assertThat(run("fake.comparison", SLOW)).isEqualTo(1);
        assertThat(out.toString(UTF_8))
                .hasLineCount(1)
                .startsWith("fake.comparison ratio=2.00 [2.00..2.00] pairs=9 ")
                .endsWith(" target<=1 FAIL\n");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void targets_met_are_status_0_and_one_line_each() {
        assertThat(run("fake.comparison fake.bound", FAST, SMALL)).isZero();
        assertThat(out.toString(UTF_8).lines().toList())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).endsWith(" PASS"));
    }

    @Test
    void an_open_verdict_is_status_2() {
        assertThat(run("--pairs 1 fake.comparison fake.bound", FAST, SMALL)).isEqualTo(2);
        assertThat(out.toString(UTF_8)).contains(" pairs=1 ").contains(" INCONCLUSIVE\n");
    }

    @Test
    void a_benchmark_that_breaks_is_a_failure_and_the_rest_runs_on() {
        assertThat(run("all", BROKEN, SMALL)).isEqualTo(1);
        assertThat(out.toString(UTF_8))
                .containsPattern("fake.comparison +broke +<=1 +FAIL\n")
                .contains(" PASS\n");
        assertThat(err.toString(UTF_8))
                .startsWith(
                        "benchmarks: fake.comparison broke: java.lang.IllegalStateException: The figure of a sample");
    }

    @Test
    void all_of_them_make_a_table() {
        assertThat(run("all", SLOW, SMALL)).isEqualTo(1);
        assertThat(out.toString(UTF_8).lines().toList())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).matches("benchmark +measured +target +verdict"),
                        line -> assertThat(line)
                                .matches("fake\\.comparison +ratio=2\\.00 .* control=1\\.00 +<=1 +FAIL"),
                        line -> assertThat(line).matches("fake\\.bound +things=7 per=200 +<=20 +PASS"));
    }

    @Test
    void a_wrong_command_line_is_status_64_and_one_line() {
        assertThat(run("bogus", SMALL)).isEqualTo(64);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8))
                .isEqualTo(
                        "benchmarks: no benchmark is called 'bogus'; there are fake.bound, or all of them with 'all'\n");
    }

    @Test
    void help_has_a_line_for_each_benchmark() {
        assertThat(run("", SLOW, SMALL)).isZero();
        assertThat(out.toString(UTF_8).lines())
                .contains("  fake.comparison      one figure / another, target <=1")
                .contains("  fake.bound           things, target <=20");
    }
}
