package dev.meshlease.examples.benchmarks;

import dev.meshlease.examples.benchmarks.harness.Benchmark;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code --help} prints. */
final class Usage {
    private static final String BEFORE_THE_LIST = """
            Usage: java -jar benchmarks.jar [--pairs N] NAME...
                   java -jar benchmarks.jar [--pairs N] all

            Each prints one line. A comparison's has the median ratio of candidate to baseline [smallest..largest], and that of
            the baseline to itself (control).

            """;
    private static final String AFTER_THE_LIST = """
              all                  all of them, as a table

              --pairs N            how many pairs of samples to take, 1 to 9999; default 9. Fewer are too few for a verdict.
              --help               this text

            Exit status: 0 if every target is met, 1 if one is missed or a benchmark breaks, else 2 if a verdict is open
            (control below 0.9 or above 1.1: run it again on a quieter machine), 64 if the command line is wrong.
            """;

    private Usage() {}

    static String text(List<Benchmark> catalogue) {
        return catalogue.stream().map(Usage::line).collect(Collectors.joining("", BEFORE_THE_LIST, AFTER_THE_LIST));
    }

    private static String line(Benchmark benchmark) {
        return String.format("  %-19s  %s, target %s\n", benchmark.name(), benchmark.summary(), benchmark.target());
    }
}
