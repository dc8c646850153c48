package dev.meshlease.examples.benchmarks.harness;

/** A benchmark whose figure is a ratio: that of the candidate to that of the baseline. */
public non-sealed interface Comparison extends Benchmark {
    /** Sets up both sides. */
    Pair pair() throws Exception;
}
