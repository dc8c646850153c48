package dev.meshlease.testkit.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words of the command line, by option: {@code -p 4403}, {@code -p4403}, {@code --nodes 3}, {@code --nodes=3}. */
final class Options {
    private static final Set<String> FLAGS = Set.of("-s", "-e", "--help", "--version");
    private static final Set<String> VALUES = Set.of(
            "-h",
            "-p",
            "-d",
            "--variant",
            "--firmware",
            "--nodes",
            "--traffic",
            "--fault",
            "--seed",
            "--set",
            "--listen",
            "--serial",
            "--record",
            "--replay");
    /** A dash and a letter. */
    private static final int SHORT = 2;

    private static final Set<String> REPEATED = Set.of("--set", "--fault");

    private final Map<String, List<String>> given = new LinkedHashMap<>();

    private Options() {}

    /**
     * Reads the words.
     *
     * @throws Misuse if one is no option, lacks its value, or is given twice
     */
    static Options parse(List<String> words) {
        Options options = new Options();
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            options.take(rest.next(), rest);
        }
        return options;
    }

    private void take(String word, Iterator<String> rest) {
        String name = name(word);
        String value = attached(word, name);
        if (FLAGS.contains(name) && value == null) {
            value = "";
        } else if (VALUES.contains(name) && value == null) {
            value = rest.hasNext() ? rest.next() : null;
            if (value != null && isOption(value)) {
                value = null;
            }
        } else if (!VALUES.contains(name)) {
            throw new Misuse("'" + word + "' is no option here, even where meshtasticd has it; --help lists them");
        }
        if (value == null || (VALUES.contains(name) && value.isBlank())) {
            throw new Misuse(name + " needs a value; --help shows examples");
        }
        List<String> values = given.computeIfAbsent(name, option -> new ArrayList<>());
        if (!values.isEmpty() && !REPEATED.contains(name)) {
            throw new Misuse(name + " was given twice");
        }
        values.add(value);
    }

    /** The option of a word that may have its value in it. */
    private static String name(String word) {
        if (word.startsWith("--")) {
            int equals = word.indexOf('=');
            return equals < 0 ? word : word.substring(0, equals);
        }
        String letter = word.substring(0, Math.min(SHORT, word.length()));
        return VALUES.contains(letter) ? letter : word;
    }

    private static @Nullable String attached(String word, String name) {
        if (word.length() == name.length()) {
            return null;
        }
        return word.substring(name.length() + (name.length() > SHORT ? 1 : 0));
    }

    private static boolean isOption(String word) {
        String name = name(word);
        return FLAGS.contains(name) || VALUES.contains(name);
    }

    boolean has(String name) {
        return given.containsKey(name);
    }

    Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }

    List<String> values(String name) {
        return given.getOrDefault(name, List.of());
    }

    /** All names, for those who check what is said of them. */
    static List<String> names() {
        List<String> names = new ArrayList<>(FLAGS);
        names.addAll(VALUES);
        return names;
    }
}
