package dev.meshlease.testkit.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something happens: {@code 2/s}, {@code 30/min}, {@code 100/h}.
 *
 * @param between the time from one to the next
 */
record Rate(Duration between) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})/(s|min|h)");
    private static final int MOST_PER_SECOND = 100;

    static Rate parse(String text) {
        Matcher parts = TEXT.matcher(text);
        int count = parts.matches() ? Integer.parseInt(parts.group(1)) : 0;
        Duration between = count == 0 ? Duration.ZERO : unit(parts.group(2)).dividedBy(count);
        if (between.compareTo(Duration.ofSeconds(1).dividedBy(MOST_PER_SECOND)) < 0) {
            throw new Misuse("'" + text + "' is no rate; it takes 2/s, 30/min or 100/h, and at most " + MOST_PER_SECOND
                    + " a second");
        }
        return new Rate(between);
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "s" -> Duration.ofSeconds(1);
            case "min" -> Duration.ofMinutes(1);
            default -> Duration.ofHours(1);
        };
    }
}
