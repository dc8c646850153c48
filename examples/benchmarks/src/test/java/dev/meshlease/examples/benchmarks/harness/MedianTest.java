package dev.meshlease.examples.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MedianTest {
    @Test
    void is_the_middle_of_an_odd_number_of_figures() {
        assertThat(Median.of(9, 1, 2)).isEqualTo(2);
        assertThat(Median.of(7)).isEqualTo(7);
    }

    @Test
    void is_between_the_two_in_the_middle_of_an_even_number() {
        assertThat(Median.of(4, 100, 1, 3)).isEqualTo(3.5);
    }

    @Test
    void leaves_the_figures_in_their_order() {
        double[] figures = {3, 1, 2};

        assertThat(Median.of(figures)).isEqualTo(2);

        assertThat(figures).containsExactly(3, 1, 2);
    }
}
