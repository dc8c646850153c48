package dev.meshlease.testkit;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What is logged meanwhile. */
final class LogText implements AutoCloseable {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final PrintStream err = System.err;

    LogText() {
        System.setErr(new PrintStream(text, true, StandardCharsets.UTF_8));
    }

    /** The lines of that level. */
    List<String> lines(String level) {
        Stream<String> lines = text.toString(StandardCharsets.UTF_8).lines();
        return lines.filter(line -> line.contains(" " + level + " ")).toList();
    }

    /** All of it, stacks included. */
    String text() {
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        System.setErr(err);
    }
}
