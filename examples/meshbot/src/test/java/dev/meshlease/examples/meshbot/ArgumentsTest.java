package dev.meshlease.examples.meshbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Endpoint;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static Arguments parse(String line) {
        return Arguments.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
    }

    @Test
    void runs_twenty_seconds_on_the_embedded_node_unless_told_otherwise() {
        Arguments arguments = parse("");

        assertThat(arguments.node()).isEmpty();
        assertThat(arguments.length()).isEqualTo(Duration.ofSeconds(20));
        assertThat(arguments.naive()).isFalse();
        assertThat(arguments.send()).isFalse();
        assertThat(arguments.help()).isFalse();
    }

    @Test
    void takes_a_node_a_length_and_the_leave_to_send_in_any_order() {
        Arguments arguments = parse("--send --seconds 86400 --node TCP://Meshtastic.local");

        assertThat(arguments.node()).contains(Endpoint.of("tcp://Meshtastic.local"));
        assertThat(arguments.length()).isEqualTo(Duration.ofDays(1));
        assertThat(arguments.send()).isTrue();
    }

    @Test
    void helps_whatever_else_is_wrong() {
        assertThat(parse("--bogus --help --seconds").help()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "86401", "-1", "1.5", "five", "99999999999", "٣", "+5"})
    void refuses_a_length_that_is_no_number_of_seconds(String length) {
        assertThatThrownBy(() -> parse("--seconds " + length))
                .isInstanceOf(Failure.class)
                .hasMessage("--seconds takes a whole number from 1 to 86400, not '" + length + "'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --bogus                               | '--bogus' is no option
                    node                                  | 'node' is no option
                    --seconds=5                           | '--seconds=5' is no option
                    --node                                | --node needs a value
                    --node --naive                        | --node needs a value
                    --seconds                             | --seconds needs a value
                    --naive --naive                       | --naive was given twice
                    --seconds 1 --seconds 2               | --seconds was given twice
                    --node tcp://a --node tcp://b         | --node was given twice
                    --node meshtastic.local               | it has no scheme
                    --node tcp://                         | the address is missing
                    --naive --node tcp://meshtastic.local | leave out --node
                    --send                                | --send goes with --node only
                    --naive --send                        | --send goes with --node only
                    """)
    void says_what_is_wrong(String line, String complaint) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(Failure.class)
                .message()
                .contains(complaint)
                .doesNotContain("\n");
    }
}
