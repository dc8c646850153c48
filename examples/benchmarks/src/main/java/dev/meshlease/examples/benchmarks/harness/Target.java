package dev.meshlease.examples.benchmarks.harness;

import java.math.BigDecimal;

/**
 * What a figure has to be.
 *
 * @param limit the last value that is good enough
 * @param lowerIsBetter whether the limit is the largest such value; else it is the smallest
 */
public record Target(double limit, boolean lowerIsBetter) {
    /** For costs. */
    public static Target atMost(double limit) {
        return new Target(limit, true);
    }

    /** For rates. */
    public static Target atLeast(double limit) {
        return new Target(limit, false);
    }

    boolean isMetBy(double figure) {
        return lowerIsBetter ? figure <= limit : figure >= limit;
    }

    /** As in {@code <=1.25}. */
    @Override
    public String toString() {
        return (lowerIsBetter ? "<=" : ">=")
                + BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
    }
}
