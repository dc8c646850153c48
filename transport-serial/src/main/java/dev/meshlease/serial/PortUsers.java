package dev.meshlease.serial;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which programs have a port, as Linux shows it in {@code /proc}; elsewhere nothing is known. Nothing is opened for it but what is shown there.
 *
 * <p><b>Threading:</b> safe from any thread; reads files.
 */
final class PortUsers {
    static final PortUsers SYSTEM = new PortUsers(Path.of("/proc"));

    private static final Logger LOG = LoggerFactory.getLogger(PortUsers.class);
    private static final String OWN = "this program";
    private static final int MOST_NAMED = 3;
    private static final int MOST_CHARS = 40;

    private final Path proc;
    private final PortProcesses processes;

    PortUsers(Path proc) {
        this(proc, PortProcesses.MOST_NANOS);
    }

    /** @param mostNanos how long to look through all processes */
    PortUsers(Path proc, long mostNanos) {
        this.proc = proc;
        this.processes = new PortProcesses(proc, mostNanos);
    }

    /**
     * Who has locked the port, so that an attempt to open it would fail, but only after it has moved the modem lines of whoever has it.
     *
     * @param path of the device itself
     * @return for people: name and process number; null if nobody has, as far as can be seen
     */
    @Nullable
    String lockedBy(String path) {
        String inode = inode(path);
        if (inode == null) {
            return null;
        }
        try {
            for (String line : Files.readAllLines(proc.resolve("locks"), StandardCharsets.ISO_8859_1)) {
                // 1: FLOCK  ADVISORY  WRITE 3777 fe:00:2156201 0 EOF
                String[] words = line.strip().split("\\s+", -1);
                if (words.length > 5 && words[1].equals("FLOCK") && words[5].equals(inode)) {
                    return named(words[4]);
                }
            }
        } catch (IOException unreadable) {
            LOG.debug("{} does not show locks", proc, unreadable);
        }
        return null;
    }

    /** Who has it open, for people; blank if nobody is seen. Of other users' programs only root is told. */
    String describe(String path) {
        String locker = lockedBy(path);
        if (locker != null) {
            return locker;
        }
        try {
            return all(path).users().stream()
                    .limit(MOST_NAMED)
                    .map(user -> user.isOwn() ? OWN : named(Long.toString(user.pid())))
                    .collect(Collectors.joining(", "));
        } catch (IOException | SecurityException notShown) {
            LOG.debug("{} does not show who has {} open", proc, path, notShown);
            return "";
        }
    }

    /**
     * Who has it open.
     *
     * @param path of the device itself
     * @throws IOException if this system does not show it
     */
    PortProcesses.Found all(String path) throws IOException {
        return processes.of(path);
    }

    /** The name of a process's program, fit for a log; empty if it is not shown. */
    String program(long pid) {
        try (InputStream in = Files.newInputStream(proc.resolve(pid + "/comm"))) {
            String name = new String(in.readNBytes(MOST_CHARS), StandardCharsets.ISO_8859_1);
            return name.strip().replaceAll("[^\\x20-\\x7e]", "?");
        } catch (IOException | SecurityException gone) {
            return "";
        }
    }

    private String named(String pid) {
        if (pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return OWN;
        }
        long number = PortProcesses.number(pid);
        if (number == 0) {
            return "a program in another container"; // Whose processes have no number here.
        }
        String program = program(number);
        return (program.isEmpty() ? "another program" : program) + " (process " + pid + ")";
    }

    /** The file as {@code /proc/locks} writes it: device and number; null if the system does not tell. */
    private static @Nullable String inode(String path) {
        try {
            Object device = Files.getAttribute(Path.of(path), "unix:dev", LinkOption.NOFOLLOW_LINKS);
            Object number = Files.getAttribute(Path.of(path), "unix:ino", LinkOption.NOFOLLOW_LINKS);
            DeviceFiles.Numbers numbers = DeviceFiles.Numbers.of(((Number) device).longValue());
            return String.format("%02x:%02x:%s", numbers.major(), numbers.minor(), number);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notUnix) {
            return null;
        }
    }
}
