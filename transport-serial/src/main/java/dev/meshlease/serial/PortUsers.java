package dev.meshlease.serial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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
    private static final int MOST_NAMED = 3;
    private static final int MOST_CHARS = 40;

    private final Path proc;

    PortUsers(Path proc) {
        this.proc = proc;
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
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : all) {
                if (names.size() < MOST_NAMED && hasOpen(process, path)) {
                    names.add(named(String.valueOf(process.getFileName())));
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            LOG.debug("{} cannot be read", proc, unreadable);
        }
        return String.join(", ", names);
    }

    private static boolean hasOpen(Path process, String path) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (leadsTo(file, path)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException notOurs) {
            LOG.trace("{} cannot be read, or is gone", process, notOurs);
        }
        return false;
    }

    private static boolean leadsTo(Path file, String path) {
        try {
            return Files.readSymbolicLink(file).toString().equals(path);
        } catch (IOException | UnsupportedOperationException gone) {
            return false;
        }
    }

    private String named(String pid) {
        if (pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return "this program";
        }
        OptionalLong number = number(pid);
        if (number.isEmpty()) {
            return "a program in another container"; // Whose processes have no number here.
        }
        String name;
        try {
            name = Files.readString(proc.resolve(pid).resolve("comm"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException gone) {
            name = "";
        }
        String shown = name.replaceAll("[^\\x20-\\x7e]", "?");
        return (shown.isEmpty() ? "another program" : shown.substring(0, Math.min(shown.length(), MOST_CHARS)))
                + " (process " + pid + ")";
    }

    private static OptionalLong number(String pid) {
        boolean isNumber = !pid.isEmpty() && pid.length() < 19 && pid.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = isNumber ? Long.parseLong(pid) : 0;
        return number > 0 ? OptionalLong.of(number) : OptionalLong.empty();
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
