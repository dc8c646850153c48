package dev.meshlease.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.examples.benchmarks.harness.Benchmark;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    @Test
    void every_benchmark_has_a_name_of_its_own_that_the_command_line_takes() {
        assertThat(Catalogue.BENCHMARKS)
                .isNotEmpty()
                .extracting(Benchmark::name)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).matches("[a-z]+(\\.[a-z0-9]+)+"));
    }

    @Test
    void every_benchmark_says_in_one_line_what_it_compares() {
        assertThat(Catalogue.BENCHMARKS)
                .allSatisfy(benchmark ->
                        assertThat(benchmark.summary()).hasLineCount(1).isNotBlank());
    }
}
