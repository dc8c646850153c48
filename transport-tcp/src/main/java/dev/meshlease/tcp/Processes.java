package dev.meshlease.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Linux's processes, {@code /proc/PID}: whose socket is it, and what does he run? Of other users' processes only root is told. */
final class Processes {
    private static final Logger LOG = LoggerFactory.getLogger(Processes.class);
    private static final int MOST_PROCESSES = 50_000;
    private static final int MOST_FILES = 100_000;
    private static final int MOST_BYTES = 16 * 1024;
    private static final String SOCKET = "socket:[";

    private final Path proc;
    private final long ownPid;

    Processes(Path proc, long ownPid) {
        this.proc = proc;
        this.ownPid = ownPid;
    }

    /**
     * Who has these sockets.
     *
     * @param endNanos when to give up, in the system's monotonic time
     * @return by socket, as far as it could be seen
     */
    Map<Long, Long> owners(Set<Long> sockets, long endNanos) {
        Map<Long, Long> owners = new HashMap<>();
        Set<Long> missing = new HashSet<>(sockets);
        take(proc.resolve("self"), ownPid, missing, owners, endNanos);
        if (missing.isEmpty()) {
            return owners;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc)) {
            int seen = 0;
            for (Path each : all) {
                if (missing.isEmpty() || seen++ == MOST_PROCESSES || isOver(endNanos)) {
                    break;
                }
                long pid = number(String.valueOf(each.getFileName()));
                if (pid > 0 && pid != ownPid) {
                    take(each, pid, missing, owners, endNanos);
                }
            }
        } catch (IOException | DirectoryIteratorException | SecurityException unreadable) {
            LOG.debug("{} cannot be read", proc, unreadable);
        }
        return owners;
    }

    private static void take(Path process, long pid, Set<Long> missing, Map<Long, Long> owners, long endNanos) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            int seen = 0;
            for (Path file : files) {
                if (missing.isEmpty() || seen++ == MOST_FILES || isOver(endNanos)) {
                    return;
                }
                long socket = socket(file);
                if (missing.remove(socket)) {
                    owners.put(socket, pid);
                }
            }
        } catch (IOException | DirectoryIteratorException | SecurityException notOurs) {
            LOG.trace("{} cannot be read, or is gone", process, notOurs);
        }
    }

    /** The socket that a file descriptor leads to; 0 if it is none. */
    private static long socket(Path file) {
        try {
            String target = Files.readSymbolicLink(file).toString();
            boolean isSocket = target.startsWith(SOCKET) && target.endsWith("]");
            return isSocket ? number(target.substring(SOCKET.length(), target.length() - 1)) : 0;
        } catch (IOException | UnsupportedOperationException | InvalidPathException | SecurityException gone) {
            return 0;
        }
    }

    private static long number(String text) {
        boolean isNumber = !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(text) : 0;
    }

    private static boolean isOver(long endNanos) {
        return System.nanoTime() - endNanos >= 0;
    }

    /** What a process runs, for people; empty if that cannot be seen. */
    String command(long pid) {
        Path process = proc.resolve(pid == ownPid ? "self" : Long.toString(pid));
        String line = CommandLine.of(read(process.resolve("cmdline")));
        return line.isEmpty() ? CommandLine.of(read(process.resolve("comm"))) : line;
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES);
        } catch (IOException | SecurityException gone) {
            return new byte[0];
        }
    }
}
