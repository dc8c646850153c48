package dev.meshlease.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a simulated node and its clients have said to each other lately, for a person. State dumps are one line each, and what is in a
 * configuration or a channel is left out.
 *
 * @param earlier how many lines there were before
 * @param lines the latest, at most 300, oldest first
 */
public record Conversation(long earlier, List<Line> lines) {
    public Conversation {
        lines = List.copyOf(lines);
    }

    /**
     * One thing that was said, or happened.
     *
     * @param at since the node's start
     * @param words like {@code A → TEXT_MESSAGE_APP "hello" to !ffffffff, id 1a2b}: from client A to the node
     */
    public record Line(Duration at, String words) {
        /** As in {@code 12.345 s  A → heartbeat 0}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%9.3f s  %s", at.toNanos() / 1e9, words);
        }
    }

    /** All lines, each with its time. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (earlier > 0) {
            text.append("  … ").append(earlier).append(" lines earlier\n");
        }
        lines.forEach(line -> text.append(line).append('\n'));
        return text.isEmpty() ? "  nobody has connected\n" : text.toString();
    }
}
