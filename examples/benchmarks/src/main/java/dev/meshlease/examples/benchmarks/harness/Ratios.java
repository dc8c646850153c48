package dev.meshlease.examples.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ratios of the pairs of one run. */
final class Ratios {
    private final List<Double> all = new ArrayList<>();

    /** Adds that of one pair. */
    void add(double numerator, double denominator) {
        double ratio = numerator / denominator;
        if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException("The figure of a sample must be a positive number, or there is no ratio: "
                    + numerator + " / " + denominator);
        }
        all.add(ratio);
    }

    double median() {
        return Median.of(sorted());
    }

    /** As in {@code 0.93 [0.88..1.02]}. */
    @Override
    public String toString() {
        double[] sorted = sorted();
        return String.format(Locale.ROOT, "%.2f [%.2f..%.2f]", median(), sorted[0], sorted[sorted.length - 1]);
    }

    private double[] sorted() {
        return all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }
}
