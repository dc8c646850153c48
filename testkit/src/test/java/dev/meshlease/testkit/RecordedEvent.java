package dev.meshlease.testkit;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * One line of a recording.
 *
 * @param at since its start
 * @param connection on which connection
 * @param kind what happened
 * @param bytes what was written or read, if that is what happened
 */
record RecordedEvent(Duration at, String connection, String kind, byte[] bytes) {
    /** All events of a recording that comes with the testkit or with its tests. */
    static List<RecordedEvent> of(String recording) {
        String file = "recordings/" + recording + ".jsonl";
        try (InputStream lines = RecordedEvent.class.getResourceAsStream(file)) {
            if (lines == null) {
                throw new AssertionError("no " + file);
            }
            return parse(new String(lines.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** All events of a recording in a file. */
    static List<RecordedEvent> read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<RecordedEvent> parse(String text) {
        return text.lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.has("ev"))
                .map(RecordedEvent::of)
                .toList();
    }

    private static RecordedEvent of(JsonObject line) {
        return new RecordedEvent(
                Duration.ofNanos(Math.round(line.get("t").getAsDouble() * 1e9)),
                line.get("conn").getAsString(),
                line.get("ev").getAsString(),
                line.has("hex") ? HexFormat.of().parseHex(line.get("hex").getAsString()) : new byte[0]);
    }

    boolean is(String what) {
        return kind.equals(what);
    }
}
