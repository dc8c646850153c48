package dev.meshlease.examples.benchmarks.harness;

/**
 * A bound that counts what it is told.
 *
 * @param target at most or at least what
 * @param things what it will count
 */
public record FakeBound(Target target, long things) implements Bound {
    @Override
    public String name() {
        return "fake.bound";
    }

    @Override
    public String summary() {
        return "things";
    }

    @Override
    public Count count() {
        return new Count("things", things, "per=200");
    }
}
