package dev.meshlease.examples.benchmarks.harness;

/** A benchmark whose figure is a count, which no neighbour on the machine can change, so that one look is enough. */
public non-sealed interface Bound extends Benchmark {
    /** Does the work and counts. */
    Count count() throws Exception;
}
