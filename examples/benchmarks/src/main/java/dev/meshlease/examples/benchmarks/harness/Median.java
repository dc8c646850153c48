package dev.meshlease.examples.benchmarks.harness;

import java.util.Arrays;

/** The median: what half of the figures are not above. A few outliers, as a neighbour on the machine causes them, do not move it. */
public final class Median {
    private Median() {}

    /** That of at least one figure. */
    public static double of(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
