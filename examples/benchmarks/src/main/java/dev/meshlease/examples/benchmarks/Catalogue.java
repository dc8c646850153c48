package dev.meshlease.examples.benchmarks;

import dev.meshlease.examples.benchmarks.codec.Peek;
import dev.meshlease.examples.benchmarks.codec.Slice;
import dev.meshlease.examples.benchmarks.fanout.BesideAStuckOne;
import dev.meshlease.examples.benchmarks.fanout.Garbage;
import dev.meshlease.examples.benchmarks.fanout.IdleLease;
import dev.meshlease.examples.benchmarks.fanout.LikeAPublisher;
import dev.meshlease.examples.benchmarks.fanout.Sharing;
import dev.meshlease.examples.benchmarks.fanout.Throughput;
import dev.meshlease.examples.benchmarks.fanout.ToManyLeases;
import dev.meshlease.examples.benchmarks.harness.Benchmark;
import dev.meshlease.examples.benchmarks.simulator.Handshake;
import dev.meshlease.examples.benchmarks.simulator.Threads;
import java.util.List;

/** All benchmarks, in the order in which {@code all} runs them. */
final class Catalogue {
    static final List<Benchmark> BENCHMARKS = List.of(
            new Slice(),
            new Peek(),
            new Sharing(),
            new ToManyLeases(),
            new LikeAPublisher(),
            new BesideAStuckOne(),
            new Garbage(),
            new Throughput(),
            new IdleLease(),
            new Handshake(),
            new Threads());

    private Catalogue() {}
}
