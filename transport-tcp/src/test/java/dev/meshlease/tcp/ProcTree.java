package dev.meshlease.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a {@code /proc} shows, as it was recorded on Linux: byte order of x86 and ARM. */
final class ProcTree {
    static final long OWN_PID = 100;

    private static final String TCP =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
                    + "                                                     \n";
    private static final String TCP6 = "  sl  local_address                         remote_address"
            + "                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    final Path root;
    private int line;
    private int file = 3;

    ProcTree(Path root) {
        this.root = root;
        write("net/tcp", TCP.getBytes(StandardCharsets.US_ASCII));
        write("net/tcp6", TCP6.getBytes(StandardCharsets.US_ASCII));
    }

    /** One line of a table, with addresses as they stand there. */
    ProcTree connection(String table, String local, String remote, String state, int user, long socket) {
        String text = String.format(
                "%4d: %s %s %s 00000000:00000000 00:00000000 00000000 %5d        0 %d 1 00000000d08b8e2d 100 0 0 10 0%n",
                line++, local, remote, state, user, socket);
        Path path = root.resolve("net").resolve(table);
        try {
            write("net/" + table, (Files.readString(path) + text).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** An IPv4 connection that stands. */
    ProcTree established(String local, String remote, long socket) {
        return connection("tcp", local, remote, "01", 1000, socket);
    }

    /** @param command its words, each with a zero byte behind it */
    ProcTree process(String name, String command) {
        write(name + "/cmdline", command.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    ProcTree has(String process, String target) {
        Path link = root.resolve(process).resolve("fd").resolve(Integer.toString(file++));
        try {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    ProcTree write(String name, byte[] content) {
        try {
            Path path = root.resolve(name);
            Files.createDirectories(path.getParent());
            Files.write(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    void delete(String name) throws IOException {
        Files.delete(root.resolve(name));
    }
}
