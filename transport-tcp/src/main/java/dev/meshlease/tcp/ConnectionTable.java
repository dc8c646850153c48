package dev.meshlease.tcp;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Linux's table of TCP connections, {@code /proc/net/tcp} and {@code tcp6}: those of this machine, or of this container's own network. */
final class ConnectionTable {
    private static final int ESTABLISHED = 1;
    private static final int SYN_SENT = 2;

    /** Some 100,000 connections in each of the two. */
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private static final int MOST_FOUND = 64;
    private static final int COLUMNS = 10;

    /** @param inode the socket's number, which the file descriptors of its process show */
    record Entry(InetSocketAddress local, InetSocketAddress remote, boolean isEstablished, long user, long inode) {}

    private final Path folder;
    private final ByteOrder order;

    /**
     * @param proc the root of {@code /proc}
     * @param order the kernel's: it writes addresses as numbers in its own byte order
     */
    ConnectionTable(Path proc, ByteOrder order) {
        this.folder = proc.resolve("net");
        this.order = order;
    }

    /**
     * The connections, also those that are still being made, from here to a remote address.
     *
     * @throws IOException if there is no such table
     */
    List<Entry> to(Predicate<InetSocketAddress> remote) throws IOException {
        List<Entry> found = new ArrayList<>();
        read(folder.resolve("tcp"), remote, found);
        try {
            read(folder.resolve("tcp6"), remote, found);
        } catch (NoSuchFileException none) {
            return found; // There is no IPv6 on this machine.
        }
        return found;
    }

    private void read(Path table, Predicate<InetSocketAddress> remote, List<Entry> found) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(table)) {
            bytes = in.readNBytes(MOST_BYTES);
        }
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.ISO_8859_1));
        for (String line = lines.readLine(); line != null && found.size() < MOST_FOUND; line = lines.readLine()) {
            Entry entry = parse(line, order);
            if (entry != null && remote.test(entry.remote())) {
                found.add(entry);
            }
        }
    }

    /** What a line says; null if it is none of a connection that somebody has. */
    static @Nullable Entry parse(String line, ByteOrder order) {
        String[] columns = line.strip().split("\\s+", COLUMNS + 1);
        if (columns.length < COLUMNS) {
            return null;
        }
        try {
            int state = Integer.parseInt(columns[3], 16);
            long inode = Long.parseLong(columns[9]);
            if ((state != ESTABLISHED && state != SYN_SENT) || inode <= 0) {
                return null;
            }
            return new Entry(
                    address(columns[1], order),
                    address(columns[2], order),
                    state == ESTABLISHED,
                    Long.parseLong(columns[7]),
                    inode);
        } catch (IllegalArgumentException | UnknownHostException garbage) {
            return null;
        }
    }

    /** As {@code 0100007F:1133}, or with four such numbers for IPv6. One that is IPv4 within IPv6 becomes IPv4. */
    private static InetSocketAddress address(String text, ByteOrder order) throws UnknownHostException {
        int colon = text.indexOf(':');
        if (colon != 8 && colon != 32) {
            throw new IllegalArgumentException("No address");
        }
        ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(order);
        for (int at = 0; at < colon; at += 8) {
            bytes.putInt(Integer.parseUnsignedInt(text.substring(at, at + 8), 16));
        }
        int port = Integer.parseInt(text.substring(colon + 1), 16);
        return new InetSocketAddress(InetAddress.getByAddress(bytes.array()), port);
    }
}
