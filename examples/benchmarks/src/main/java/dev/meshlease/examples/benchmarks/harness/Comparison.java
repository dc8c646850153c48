package dev.meshlease.examples.benchmarks.harness;

/** A benchmark whose figure is a ratio: that of the candidate to that of the baseline. */
public non-sealed interface Comparison extends Benchmark {
    /** Sets up both sides. */
    Pair pair() throws Exception;

    /**
     * Whether all threads are confined to one processor. To be said of what takes microseconds and waits for another thread: waking it
     * takes ten times as long when it sits on an idle processor, and where it sits is chance. No by default.
     */
    default boolean isConfined() {
        return false;
    }
}
