package dev.meshlease.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The format of recordings; the only class that knows Gson. */
final class RecordingLines {
    private static final String NO_OBJECT = "no JSON object, of which a recording has one in each line";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MOST_SECONDS = 365 * 24 * 3600.0;

    private final String source;
    private int line;

    /** What a recording holds, as far as it is of use. */
    record Content(String scenario, List<Received> received) {}

    /** Bytes from the node. */
    record Received(int line, long atNanos, String connection, ByteString bytes) {}

    private RecordingLines(String source) {
        this.source = source;
    }

    static Content read(String source, BufferedReader lines) throws IOException {
        return new RecordingLines(source).read(lines);
    }

    private Content read(BufferedReader lines) throws IOException {
        List<Received> received = new ArrayList<>();
        String scenario = null;
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            line++;
            if (text.isBlank()) {
                continue;
            }
            JsonObject object = object(text);
            if (scenario == null) {
                scenario = string(object, "scenario");
            } else if (string(object, "ev").equals("rx")) {
                received.add(new Received(line, nanos(object), string(object, "conn"), bytes(string(object, "hex"))));
            }
        }
        if (scenario == null) {
            throw new IllegalArgumentException(source + " is empty: no recording");
        }
        return new Content(scenario, received);
    }

    private JsonObject object(String text) {
        try {
            JsonElement element = JsonParser.parseString(text);
            if (element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException malformed) {
            throw wrong(NO_OBJECT, malformed);
        }
        throw wrong(NO_OBJECT, null);
    }

    private String string(JsonObject object, String name) {
        JsonElement value = object.get(name);
        if (value == null || !value.isJsonPrimitive()) {
            throw wrong("'" + name + "' is missing or no string", null);
        }
        return value.getAsString();
    }

    private long nanos(JsonObject object) {
        double seconds;
        try {
            seconds = Double.parseDouble(string(object, "t"));
        } catch (NumberFormatException malformed) {
            throw wrong("'t' is no number of seconds", malformed);
        }
        if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
            throw wrong("'t' is not within a year from the start: " + seconds, null);
        }
        return Math.round(seconds * NANOS_PER_SECOND);
    }

    private ByteString bytes(String hex) {
        try {
            return ByteString.copyFrom(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException malformed) {
            throw wrong("'hex' is not bytes of two hexadecimal digits each", malformed);
        }
    }

    private IllegalArgumentException wrong(String what, @Nullable Throwable cause) {
        return new IllegalArgumentException(source + ", line " + line + ": " + what, cause);
    }
}
