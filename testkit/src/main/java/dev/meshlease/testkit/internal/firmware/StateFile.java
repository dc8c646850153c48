package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Where a node keeps its state between processes: one file, replaced as a whole, so that an end at any moment leaves the old or the new one.
 * It begins with a line that says what it is and a checksum of the rest, which is frames of the state dump, each behind its length.
 *
 * <p>One node at a time may use it. For one thread.
 */
public final class StateFile {
    private static final String NAME = "simulated-node.state";
    private static final byte[] MARK = "meshlease simulated node 1\n".getBytes(StandardCharsets.US_ASCII);

    /** Far more than a node with a full database has to keep. */
    private static final int MOST_BYTES = 1024 * 1024;

    private final Path directory;
    private final Path file;

    /**
     * @param directory where it is, or will be
     */
    public StateFile(Path directory) {
        this.directory = directory;
        file = directory.resolve(NAME);
    }

    /**
     * What was kept.
     *
     * @return the frames; none if nothing was kept yet
     * @throws UncheckedIOException if the file cannot be read, or is none of a simulated node's, or is damaged
     */
    public List<DumpFrame> read() {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(in.readNBytes(MOST_BYTES + 1));
        } catch (NoSuchFileException fresh) {
            return List.of();
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Cannot read the state of a simulated node from " + file + ": " + failed.getMessage()
                            + ". Use another directory, or erase the state first.",
                    failed);
        }
    }

    private static List<DumpFrame> parse(byte[] bytes) throws IOException {
        if (bytes.length > MOST_BYTES) {
            throw new IOException("it is too large");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (!Arrays.equals(in.readNBytes(MARK.length), MARK)) {
            throw new IOException("it was not written by a simulated node of this kind");
        }
        if (in.available() < Long.BYTES) {
            throw new IOException("it is cut short");
        }
        long sum = in.readLong();
        byte[] rest = in.readAllBytes();
        if (sum != sum(rest)) {
            throw new IOException("it is damaged");
        }
        List<DumpFrame> frames = new ArrayList<>();
        CodedInputStream content = CodedInputStream.newInstance(rest);
        while (!content.isAtEnd()) {
            frames.add(DumpFrame.parse(content.readBytes()));
        }
        if (frames.isEmpty()
                || !NodeState.isNode(frames.get(0).message().getMyInfo().getMyNodeNum())) {
            throw new IOException("there is no node in it");
        }
        return frames;
    }

    /**
     * Keeps these frames instead of those before.
     *
     * @throws UncheckedIOException if they cannot be written; those before stay
     */
    public void write(List<DumpFrame> frames) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
            Path fresh = file.resolveSibling(NAME + ".new");
            Files.write(fresh, compose(frames));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Cannot keep the state of a simulated node in " + file + ": " + failed, failed);
        }
    }

    private static byte[] compose(List<DumpFrame> frames) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(content);
        for (DumpFrame frame : frames) {
            out.writeBytesNoTag(frame.bytes());
        }
        out.flush();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(whole);
        data.write(MARK);
        data.writeLong(sum(content.toByteArray()));
        data.write(content.toByteArray());
        return whole.toByteArray();
    }

    private static long sum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }

    /**
     * Forgets what was kept.
     *
     * @throws UncheckedIOException if that is not possible
     */
    public void erase() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot erase " + file + ": " + failed, failed);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
