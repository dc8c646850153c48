package dev.meshlease.examples.benchmarks.harness;

import java.io.IOException;

/**
 * Two ways to do the same work. Each call does a sample of it and returns the sample's figure: a cost (then the target is
 * {@link Target#atMost}) or a rate ({@link Target#atLeast}), the same for both sides, in whatever unit.
 *
 * <p>A sample should take some milliseconds at least, and do the same each time. One thread calls.
 */
public interface Pair extends AutoCloseable {
    /** One sample of what is compared against. */
    double baseline() throws Exception;

    /** One sample of what is ours. */
    double candidate() throws Exception;

    /** Ends what the setup has started. */
    @Override
    default void close() throws IOException {}
}
