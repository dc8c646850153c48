package dev.meshlease.examples.benchmarks;

import dev.meshlease.examples.benchmarks.harness.Benchmark;
import dev.meshlease.examples.benchmarks.harness.Runner;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The command line.
 *
 * @param help whether only help is wanted
 * @param benchmarks what to run
 * @param all whether that is everything there is
 * @param pairs how many pairs of samples to take
 */
record Arguments(boolean help, List<Benchmark> benchmarks, boolean all, int pairs) {
    private static final String ALL = "all";

    /**
     * Reads the command line.
     *
     * @throws Misuse if there is anything wrong with it
     */
    static Arguments parse(List<String> words, List<Benchmark> catalogue) {
        boolean help = words.isEmpty() || words.contains("--help");
        boolean all = words.contains(ALL);
        int pairs = Runner.ENOUGH_PAIRS;
        List<Benchmark> benchmarks = new ArrayList<>();
        for (Iterator<String> rest = words.iterator(); rest.hasNext() && !help; ) {
            String word = rest.next();
            if (word.equals("--pairs")) {
                pairs = pairs(rest.hasNext() ? rest.next() : "");
            } else if (word.startsWith("-")) {
                throw new Misuse("'" + word + "' is no option; --help lists them");
            } else if (!word.equals(ALL)) {
                benchmarks.add(named(word, catalogue));
            }
        }
        if (all && !benchmarks.isEmpty()) {
            throw new Misuse("'all' runs " + benchmarks.get(0).name() + " too: leave out the one or the other");
        }
        if (!help && !all && benchmarks.isEmpty()) {
            throw new Misuse("say which benchmark to run: " + names(catalogue));
        }
        return new Arguments(help, all ? catalogue : benchmarks, all, pairs);
    }

    private static int pairs(String text) {
        // At most four digits, so that they fit an int.
        int pairs = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (pairs < 1) {
            throw new Misuse("--pairs takes a whole number from 1 to 9999, not '" + text + "'");
        }
        return pairs;
    }

    private static Benchmark named(String name, List<Benchmark> catalogue) {
        return catalogue.stream()
                .filter(benchmark -> benchmark.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Misuse("no benchmark is called '" + name + "'; there are " + names(catalogue)));
    }

    private static String names(List<Benchmark> catalogue) {
        return catalogue.stream().map(Benchmark::name).collect(Collectors.joining(", "))
                + ", or all of them with 'all'";
    }
}
