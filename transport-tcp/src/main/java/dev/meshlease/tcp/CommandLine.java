package dev.meshlease.tcp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Another program's command line, for a log: the program's name and its first arguments. What looks like a secret is left out. That is not
 * sure to find all of them, but each of this machine's users could read them anyway.
 */
final class CommandLine {
    private static final int MOST_CHARS = 120;
    private static final int MOST_CHARS_EACH = 60;
    private static final int MOST_CHARS_READ = 500;
    private static final String SECRET = "\\w.-]*(?:pass|pwd|secret|token|psk|key|auth|cred)[\\w.-]*";
    private static final Pattern ASSIGNED = Pattern.compile("^([" + SECRET + ")=.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ANNOUNCED = Pattern.compile("-[" + SECRET, Pattern.CASE_INSENSITIVE);
    private static final Pattern IN_URL = Pattern.compile("://[^/@\\s]+@");

    /** Options of the Java launcher whose value is a word of its own. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--add-modules",
            "--add-opens",
            "--add-exports",
            "--add-reads",
            "--upgrade-module-path",
            "--enable-native-access");

    private CommandLine() {}

    /** @param raw as in {@code /proc/PID/cmdline}: words that end with a zero byte */
    static String of(byte[] raw) {
        List<String> words = new ArrayList<>();
        for (String word : new String(raw, StandardCharsets.UTF_8).split("\0", -1)) {
            words.add(clean(word));
        }
        String program = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
        List<String> arguments = words.subList(1, words.size());
        if (program.equals("java") || program.toLowerCase(Locale.ROOT).equals("java.exe")) {
            arguments = withoutJavaOptions(arguments);
        }
        return bounded((program + " " + shown(arguments)).strip(), MOST_CHARS);
    }

    private static String shown(List<String> arguments) {
        StringBuilder line = new StringBuilder();
        boolean isSecret = false;
        for (String argument : arguments) {
            if (line.length() > MOST_CHARS) {
                break;
            }
            boolean isOption = argument.startsWith("-");
            line.append(isSecret && !isOption ? "***" : masked(argument)).append(' ');
            isSecret = ANNOUNCED.matcher(argument).matches();
        }
        return line.toString();
    }

    private static String masked(String argument) {
        String without = IN_URL.matcher(ASSIGNED.matcher(argument).replaceFirst("$1=***"))
                .replaceAll("://***@");
        if (without.length() <= MOST_CHARS_EACH || without.length() >= MOST_CHARS_READ) {
            return bounded(without, MOST_CHARS_EACH);
        }
        return "…" + without.substring(without.length() - MOST_CHARS_EACH + 1);
    }

    /** They are longer than a line, and what matters is the class or jar behind them. */
    private static List<String> withoutJavaOptions(List<String> arguments) {
        Iterator<String> rest = arguments.iterator();
        int skipped = 0;
        while (rest.hasNext()) {
            String word = rest.next();
            if (!word.startsWith("-") || word.equals("-jar") || word.equals("-m") || word.equals("--module")) {
                return arguments.subList(skipped, arguments.size());
            }
            skipped++;
            if (WITH_VALUE.contains(word) && rest.hasNext()) {
                rest.next();
                skipped++;
            }
        }
        return List.of();
    }

    /** Fit for a log and a terminal. */
    private static String clean(String word) {
        // Cut first: what others have written is not to keep a pattern busy.
        return bounded(word.strip(), MOST_CHARS_READ)
                .replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?")
                .strip();
    }

    private static String bounded(String line, int most) {
        if (line.length() <= most) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(most - 2)) ? most - 2 : most - 1;
        return line.substring(0, end) + "…";
    }
}
