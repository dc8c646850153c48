package dev.meshlease.examples.benchmarks;

import dev.meshlease.examples.benchmarks.harness.Benchmark;
import dev.meshlease.examples.benchmarks.simulator.Handshake;
import dev.meshlease.examples.benchmarks.simulator.Threads;
import java.util.List;

/** All benchmarks, in the order in which {@code all} runs them. */
final class Catalogue {
    static final List<Benchmark> BENCHMARKS = List.of(new Handshake(), new Threads());

    private Catalogue() {}
}
