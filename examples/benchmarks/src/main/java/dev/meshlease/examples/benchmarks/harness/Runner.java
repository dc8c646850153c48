package dev.meshlease.examples.benchmarks.harness;

import java.util.Locale;

/**
 * Runs benchmarks and judges them.
 *
 * <p>Figures of a shared machine move by a factor of two to four while nothing of ours changes. What survives is the ratio of two samples
 * taken one right after the other. So baseline and candidate take turns, the order changes from pair to pair (whoever comes second finds
 * warmer caches), and the median of the ratios counts. Each pair is followed by one of the control: the baseline against itself. Where
 * that strays from 1, the machine has no verdict to give.
 */
public final class Runner {
    /** As many pairs as a verdict needs. */
    public static final int ENOUGH_PAIRS = 9;

    private static final double CONTROL_MIN = 0.9;
    private static final double CONTROL_MAX = 1.1;

    private final int pairs;

    /**
     * A runner.
     *
     * @param pairs how many pairs of a comparison count, after as many to warm up; with fewer than {@link #ENOUGH_PAIRS} there is no
     *     verdict
     */
    public Runner(int pairs) {
        this.pairs = pairs;
    }

    /** One side of a pair. */
    @FunctionalInterface
    private interface Side {
        double sample() throws Exception;
    }

    /**
     * Runs a benchmark to its end.
     *
     * @throws Exception whatever the benchmark throws
     */
    public Outcome run(Benchmark benchmark) throws Exception {
        if (benchmark instanceof Bound bound) {
            return count(bound);
        }
        Comparison comparison = (Comparison) benchmark;
        return comparison.isConfined() ? compareConfined(comparison) : compare(comparison);
    }

    private Outcome compareConfined(Comparison comparison) throws Exception {
        OneProcessor processor = OneProcessor.confine();
        try {
            return compare(comparison);
        } finally {
            processor.release();
        }
    }

    private Outcome compare(Comparison comparison) throws Exception {
        Ratios ratios = new Ratios();
        Ratios control = new Ratios();
        try (Pair pair = comparison.pair()) {
            warmUp(pair);
            for (int i = 0; i < pairs; i++) {
                boolean candidateFirst = i % 2 == 1;
                add(ratios, pair::baseline, pair::candidate, candidateFirst);
                add(control, pair::baseline, pair::baseline, candidateFirst);
            }
        }
        String measured = String.format(
                Locale.ROOT,
                "ratio=%s pairs=%d jdk=%s cpus=%d control=%.2f",
                ratios,
                pairs,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                control.median());
        Target target = comparison.target();
        return new Outcome(
                comparison.name(), measured, target, verdict(target, ratios.median(), control.median(), pairs));
    }

    private void warmUp(Pair pair) throws Exception {
        for (int i = 0; i < pairs; i++) {
            double unused = pair.baseline() + pair.candidate();
        }
    }

    private static void add(Ratios ratios, Side baseline, Side candidate, boolean candidateFirst) throws Exception {
        if (candidateFirst) {
            double first = candidate.sample();
            ratios.add(first, baseline.sample());
        } else {
            double first = baseline.sample();
            ratios.add(candidate.sample(), first);
        }
    }

    static Verdict verdict(Target target, double ratio, double control, int pairs) {
        if (pairs < ENOUGH_PAIRS || control < CONTROL_MIN || control > CONTROL_MAX) {
            return Verdict.INCONCLUSIVE;
        }
        return verdict(target, ratio);
    }

    private static Verdict verdict(Target target, double figure) {
        return target.isMetBy(figure) ? Verdict.PASS : Verdict.FAIL;
    }

    private static Outcome count(Bound bound) throws Exception {
        Count count = bound.count();
        return new Outcome(
                bound.name(),
                count.what() + "=" + count.value() + " " + count.circumstances(),
                bound.target(),
                verdict(bound.target(), (double) count.value()));
    }
}
