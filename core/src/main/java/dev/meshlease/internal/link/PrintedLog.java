package dev.meshlease.internal.link;

import dev.meshlease.proto.LogRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a serial console prints between frames, line by line, as records of the device's log: what the firmware logs, what the boot loader
 * prints, whatever else. A line without an end is told in pieces, so that no more than one piece is kept; bytes that are no text are left out.
 */
final class PrintedLog {
    /** As many as the protocol's own records have. */
    private static final int MOST_BYTES = 384;

    private static final byte ESCAPE = 0x1b;

    /** Colours, which older firmware prints for terminals. */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

    /** {@code INFO  | 12:34:56 10 [Router] words}: level, time of day (question marks if not known), seconds since the start, thread. */
    private static final Pattern FIRMWARE =
            Pattern.compile("([A-Z]{4,8})\\s*\\|\\s+[0-9?:]{8}\\s+\\d+\\s+(?:\\[([^\\]]{1,32})\\]\\s+)?(.*)");

    private static final Map<String, LogRecord.Level> LEVELS = Map.of(
            "TRACE", LogRecord.Level.TRACE,
            "DEBUG", LogRecord.Level.DEBUG,
            "INFO", LogRecord.Level.INFO,
            "WARN", LogRecord.Level.WARNING,
            "ERROR", LogRecord.Level.ERROR,
            "CRIT", LogRecord.Level.CRITICAL);

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(MOST_BYTES);

    void saw(byte[] array, int offset, int length, Consumer<LogRecord> to) {
        for (int i = offset; i < offset + length; i++) {
            byte next = array[i];
            if (next == '\n') {
                end(to);
            } else if (next < 0 || next >= ' ' || next == '\t' || next == ESCAPE) { // Negative ones may be UTF-8.
                if (isFull(next)) {
                    end(to);
                }
                line.write(next);
            }
        }
    }

    /** So that no character is cut. */
    private boolean isFull(byte next) {
        boolean goesOn = (next & 0xc0) == 0x80;
        return line.size() >= (goesOn ? MOST_BYTES + 3 : MOST_BYTES);
    }

    private void end(Consumer<LogRecord> to) {
        String text = COLOUR.matcher(line.toString(StandardCharsets.UTF_8))
                .replaceAll("")
                .replaceAll("[\u001b\ufffd]", "")
                .strip();
        line.reset();
        if (!text.isEmpty()) {
            to.accept(record(text));
        }
    }

    private static LogRecord record(String text) {
        LogRecord.Builder record = LogRecord.newBuilder();
        Matcher firmware = FIRMWARE.matcher(text);
        if (!firmware.matches() || !LEVELS.containsKey(firmware.group(1))) {
            return record.setMessage(text).build();
        }
        if (firmware.group(2) != null) {
            record.setSource(firmware.group(2));
        }
        return record.setLevel(LEVELS.get(firmware.group(1)))
                .setMessage(firmware.group(3))
                .build();
    }
}
