package dev.meshlease.testkit;

import dev.meshlease.spi.TimeSource;
import dev.meshlease.testkit.internal.firmware.Witness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what passes between a node and its clients to a file, in the format that {@link Recording} reads. On the node's thread. */
final class ConversationFile implements Witness {
    private static final Logger LOG = LoggerFactory.getLogger(ConversationFile.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Path file;
    private final String firmware;
    private final TimeSource time;
    private final long startNanos;
    private @Nullable Writer lines;
    private boolean failed;

    /**
     * Makes sure of the file. One that is there is replaced by the first event, not before: a node that finds its port taken must not
     * have cost another one its recording.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    ConversationFile(Path file, String firmware, TimeSource time) {
        this.file = file;
        this.firmware = firmware;
        this.time = time;
        startNanos = time.nanoTime();
        try {
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (IOException unwritable) {
            throw new UncheckedIOException("No recording can be written to " + file + ": " + unwritable, unwritable);
        }
    }

    private Writer lines() throws IOException {
        if (lines == null) {
            lines = Files.newBufferedWriter(file);
            write("{\"scenario\":\"" + escaped(name(file))
                    + "\",\"about\":\"a conversation with a simulated node\",\"firmware\":\"" + escaped(firmware)
                    + "\",\"node\":\"simulated\"}");
        }
        return lines;
    }

    private static String name(Path file) {
        Path last = file.getFileName();
        return String.valueOf(last == null ? file : last).replaceFirst("\\.jsonl$", "");
    }

    private static String escaped(String text) {
        return text.replaceAll("[\"\\\\\\p{Cntrl}]", "_");
    }

    @Override
    public void connected(String connection) {
        event(connection, "connect", "");
    }

    @Override
    public void received(String connection, byte[] bytes, int offset, int length) {
        event(connection, "tx", hex(bytes, offset, length));
    }

    @Override
    public void sent(String connection, byte[] bytes, int offset, int length) {
        event(connection, "rx", hex(bytes, offset, length));
    }

    @Override
    public void ended(String connection, End how) {
        if (how == End.BY_CLIENT) {
            event(connection, "close", "");
        } else {
            event(connection, "closed-by-node", ",\"how\":\"" + how + "\"");
        }
    }

    @Override
    public void over() {
        try {
            if (!failed) {
                lines().close();
            }
        } catch (IOException unwritable) {
            fails(unwritable);
        }
    }

    private static String hex(byte[] bytes, int offset, int length) {
        return ",\"hex\":\"" + HexFormat.of().formatHex(bytes, offset, offset + length) + '"';
    }

    private void event(String connection, String kind, String rest) {
        double seconds = (time.nanoTime() - startNanos) / NANOS_PER_SECOND;
        String line = String.format(
                Locale.ROOT, "{\"t\":%.4f,\"conn\":\"%s\",\"ev\":\"%s\"%s}", seconds, connection, kind, rest);
        try {
            if (!failed) {
                write(line);
            }
        } catch (IOException unwritable) {
            fails(unwritable);
        }
    }

    /** Each line is in the file at once: whoever kills the process has it whole. */
    private void write(String line) throws IOException {
        lines().write(line + '\n');
        lines().flush();
    }

    private void fails(IOException unwritable) {
        if (!failed) {
            failed = true;
            LOG.warn(
                    "The recording {} ends here, since it cannot be written any more: {}", file, unwritable.toString());
        }
    }
}
