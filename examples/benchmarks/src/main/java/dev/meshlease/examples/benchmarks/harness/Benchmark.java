package dev.meshlease.examples.benchmarks.harness;

/** One promise of speed, and how to check it. */
public sealed interface Benchmark permits Comparison, Bound {
    /** What to call it on the command line: {@code SUBJECT.WHAT}. */
    String name();

    /** What is measured against what, in one line. */
    String summary();

    /** What the figure has to be. */
    Target target();
}
