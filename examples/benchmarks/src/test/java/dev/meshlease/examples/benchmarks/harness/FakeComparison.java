package dev.meshlease.examples.benchmarks.harness;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** A comparison that measures what it is told: each side repeats its figures for ever. It writes down who was asked when. */
public final class FakeComparison implements Comparison {
    private final Target target;
    private final Iterator<Double> baseline;
    private final Iterator<Double> candidate;
    private final StringBuilder asked = new StringBuilder();

    /** A comparison of constant figures. */
    public FakeComparison(Target target, double baseline, double candidate) {
        this(target, List.of(baseline), candidate);
    }

    FakeComparison(Target target, List<Double> baseline, double candidate) {
        this.target = target;
        this.baseline = Stream.generate(() -> baseline).flatMap(List::stream).iterator();
        this.candidate = Stream.generate(() -> candidate).iterator();
    }

    /** One letter for each sample, {@code B} and {@code C}, and {@code .} for the end. */
    String asked() {
        return asked.toString();
    }

    @Override
    public String name() {
        return "fake.comparison";
    }

    @Override
    public String summary() {
        return "one figure / another";
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public Pair pair() {
        return new Pair() {
            @Override
            public double baseline() {
                asked.append('B');
                return baseline.next();
            }

            @Override
            public double candidate() {
                asked.append('C');
                return candidate.next();
            }

            @Override
            public void close() {
                asked.append('.');
            }
        };
    }
}
