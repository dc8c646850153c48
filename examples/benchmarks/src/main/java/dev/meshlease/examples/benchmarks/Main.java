package dev.meshlease.examples.benchmarks;

import dev.meshlease.examples.benchmarks.harness.Benchmark;
import dev.meshlease.examples.benchmarks.harness.Outcome;
import dev.meshlease.examples.benchmarks.harness.Runner;
import dev.meshlease.examples.benchmarks.harness.Verdict;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;

/** The command line of the benchmarks. */
public final class Main {
    private static final int MISUSE = 64;

    private Main() {}

    /** Runs benchmarks; {@code --help} says how. */
    public static void main(String[] words) {
        System.exit(run(List.of(words), Catalogue.BENCHMARKS, System.out, System.err));
    }

    /**
     * Runs benchmarks.
     *
     * @return the exit status
     */
    static int run(List<String> words, List<Benchmark> catalogue, PrintStream out, PrintStream err) {
        Arguments arguments;
        try {
            arguments = Arguments.parse(words, catalogue);
        } catch (Misuse misuse) {
            err.println("benchmarks: " + misuse.getMessage());
            return MISUSE;
        }
        if (arguments.help()) {
            out.print(Usage.text(catalogue));
            return 0;
        }
        Function<Outcome, String> format = Outcome::line;
        if (arguments.all()) {
            out.println(Outcome.HEADINGS);
            format = Outcome::row;
        }
        Runner runner = new Runner(arguments.pairs());
        Verdict verdict = Verdict.PASS;
        for (Benchmark benchmark : arguments.benchmarks()) {
            Outcome outcome = outcome(runner, benchmark, err);
            out.println(format.apply(outcome));
            verdict = verdict.and(outcome.verdict());
        }
        return verdict.status();
    }

    private static Outcome outcome(Runner runner, Benchmark benchmark, PrintStream err) {
        try {
            return runner.run(benchmark);
        } catch (Exception broken) {
            err.print("benchmarks: " + benchmark.name() + " broke: ");
            broken.printStackTrace(err);
            return new Outcome(benchmark.name(), "broke", benchmark.target(), Verdict.FAIL);
        }
    }
}
