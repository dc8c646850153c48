package dev.meshlease.examples.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatiosTest {
    private final Ratios ratios = new Ratios();

    @Test
    void are_shown_by_their_median_and_their_extremes() {
        ratios.add(102, 100);
        ratios.add(88, 100);
        ratios.add(9.3, 10);

        assertThat(ratios).hasToString("0.93 [0.88..1.02]");
        assertThat(ratios.median()).isEqualTo(0.93);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "0, 0", "-1, 1", "NaN, 1", "1, NaN", "Infinity, 1"})
    void refuse_figures_that_make_no_ratio(double numerator, double denominator) {
        assertThatThrownBy(() -> ratios.add(numerator, denominator))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(numerator + " / " + denominator);
    }
}
