package dev.meshlease.testkit.internal.text;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 250ms}, {@code 2s}, {@code 15m}, {@code 1h}, {@code 0}. */
public final class Spans {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private Spans() {}

    /**
     * Reads a time.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no time like 250ms, 2s, 15m, 1h or 0");
        }
        long count = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /** Writes a time of whole milliseconds, in the largest unit of which it is a whole number. */
    public static String format(Duration span) {
        long millis = span.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (span.toSecondsPart() != 0 || span.toMillisPart() != 0) {
            return span.toMillisPart() != 0 ? millis + "ms" : span.toSeconds() + "s";
        }
        return span.toMinutesPart() != 0 ? span.toMinutes() + "m" : span.toHours() + "h";
    }
}
