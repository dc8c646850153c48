package dev.meshlease.examples.benchmarks.harness;

/** What a run says about the promise. In order of gravity, by which the verdict on several benchmarks goes. */
public enum Verdict {
    PASS(0),
    /** The machine was too busy, or the pairs too few. */
    INCONCLUSIVE(2),
    FAIL(1);

    private final int status;

    Verdict(int status) {
        this.status = status;
    }

    /** The exit status that tells it. */
    public int status() {
        return status;
    }

    /** The graver of the two. */
    public Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
