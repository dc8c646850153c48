package dev.meshlease.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.examples.benchmarks.harness.Benchmark;
import dev.meshlease.examples.benchmarks.harness.FakeBound;
import dev.meshlease.examples.benchmarks.harness.FakeComparison;
import dev.meshlease.examples.benchmarks.harness.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static final Benchmark COMPARISON = new FakeComparison(Target.atMost(1), 1, 1);
    private static final Benchmark BOUND = new FakeBound(Target.atMost(1), 1);

    private static Arguments parse(String line) {
        return Arguments.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)), List.of(COMPARISON, BOUND));
    }

    @Test
    void takes_names_in_the_order_given() {
        Arguments arguments = parse("fake.bound fake.comparison");

        assertThat(arguments.benchmarks()).containsExactly(BOUND, COMPARISON);
        assertThat(arguments.all()).isFalse();
        assertThat(arguments.help()).isFalse();
        assertThat(arguments.pairs()).isEqualTo(9);
    }

    @Test
    void takes_all() {
        Arguments arguments = parse("all --pairs 21");

        assertThat(arguments.benchmarks()).containsExactly(COMPARISON, BOUND);
        assertThat(arguments.all()).isTrue();
        assertThat(arguments.pairs()).isEqualTo(21);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "--bogus --help", "all --help nonsense", "--pairs --help"})
    void helps_without_arguments_and_whatever_else_is_wrong(String line) {
        assertThat(parse(line).help()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "nine", "10000", "99999999999", "٣", "+5"})
    void refuses_what_is_no_number_of_pairs(String pairs) {
        assertThatThrownBy(() -> parse("fake.bound --pairs " + pairs))
                .isInstanceOf(Misuse.class)
                .hasMessage("--pairs takes a whole number from 1 to 9999, not '" + pairs + "'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    fake.bogus       | no benchmark is called 'fake.bogus'; there are fake.comparison, fake.bound
                    fake             | no benchmark is called 'fake'
                    --bogus          | '--bogus' is no option
                    --pairs=9        | '--pairs=9' is no option
                    fake.bound -p    | '-p' is no option
                    --pairs          | --pairs takes a whole number
                    --pairs 9        | say which benchmark to run: fake.comparison, fake.bound
                    all fake.bound   | 'all' runs fake.bound too
                    """)
    void says_what_is_wrong(String line, String complaint) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(Misuse.class)
                .message()
                .contains(complaint)
                .doesNotContain("\n");
    }
}
