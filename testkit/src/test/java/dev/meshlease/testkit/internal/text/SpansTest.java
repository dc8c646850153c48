package dev.meshlease.testkit.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "PT0.25S, 250ms",
        "PT2S, 2s",
        "PT90S, 90s",
        "PT15M, 15m",
        "PT90M, 90m",
        "PT24H, 24h",
        "PT3600.5S, 3600500ms"
    })
    void a_time_is_written_in_its_largest_whole_unit_and_read_again(String iso, String text) {
        Duration time = iso.equals("0") ? Duration.ZERO : Duration.parse(iso);

        assertThat(Spans.format(time)).isEqualTo(text);
        assertThat(Spans.parse(text)).isEqualTo(time);
    }
}
