package dev.meshlease.examples.benchmarks.harness;

/**
 * What came of a benchmark.
 *
 * @param name the benchmark's name
 * @param measured the figure, and under what circumstances, such as {@code ratio=0.93 [0.88..1.02] pairs=9 …}
 * @param target what the figure has to be
 * @param verdict whether it is
 */
public record Outcome(String name, String measured, Target target, Verdict verdict) {
    private static final String ROW = "%-20s  %-72s  %-8s  %s";

    /** What stands above the {@linkplain #row() rows} of a table. */
    public static final String HEADINGS = String.format(ROW, "benchmark", "measured", "target", "verdict");

    /** All of it in one line. */
    public String line() {
        return name + " " + measured + " target" + target + " " + verdict;
    }

    /** The same as a row of a table. */
    public String row() {
        return String.format(ROW, name, measured, target, verdict);
    }
}
