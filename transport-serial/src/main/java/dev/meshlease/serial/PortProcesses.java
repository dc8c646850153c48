package dev.meshlease.serial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which processes have a device open, as Linux shows it in {@code /proc/PID/fd}. Of other users' processes only root is told. Nothing is
 * opened but what stands in there, least of all what a descriptor leads to.
 *
 * <p><b>Threading:</b> immutable, safe from any thread; blocks, for 2 s at the most.
 */
final class PortProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(PortProcesses.class);
    static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int MOST_PROCESSES = 50_000;
    private static final int MOST_FILES = 100_000;
    private static final String PSEUDO_TERMINALS = "/dev/pts/";
    private static final String PSEUDO_TERMINAL_MAKER = "/ptmx";

    /**
     * One of them.
     *
     * @param pid as {@code /proc} shows it
     * @param user whose it is
     * @param isOwn whether it is this very process
     * @param count how many descriptors it has for the device
     */
    record User(long pid, OptionalLong user, boolean isOwn, int count) {}

    /**
     * What came of a look.
     *
     * @param isWhole whether there was time to look at all processes
     */
    record Found(List<User> users, boolean isWhole) {}

    private final Path proc;
    private final long mostNanos;

    /** @param mostNanos how long a look may take */
    PortProcesses(Path proc, long mostNanos) {
        this.proc = proc;
        this.mostNanos = mostNanos;
    }

    /**
     * Looks for them.
     *
     * @param path of the device itself
     * @return all that were found in time. Not who was started by this process and has no more than its descriptors yet. Not who has made a
     *     pseudo-terminal and is at its other end: socat has it open as well, so that it stays when others close it
     * @throws IOException if this system does not show it
     */
    Found of(String path) throws IOException {
        long endNanos = System.nanoTime() + mostNanos;
        long own = own();
        List<User> users = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
            int seen = 0;
            for (Path process : all) {
                if (seen++ == MOST_PROCESSES || isOver(endNanos)) {
                    return new Found(users, false);
                }
                long pid = number(String.valueOf(process.getFileName()));
                Set<String> found = pid > 0 ? descriptors(process, path, endNanos) : Set.of();
                if (!found.isEmpty() && pid != own) {
                    found = withoutInherited(found, process, own, path, endNanos);
                }
                if (!found.isEmpty()) {
                    users.add(new User(pid, user(process), pid == own, found.size()));
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        return new Found(users, true);
    }

    /** Where even this process is not shown, nobody is. */
    private long own() throws IOException {
        Path self = proc.resolve("self");
        if (!Files.isReadable(self.resolve("fd"))) {
            throw new NoSuchFileException(self.resolve("fd").toString());
        }
        return number(Files.readSymbolicLink(self).toString());
    }

    /**
     * Whom this process starts has its descriptors, by the same numbers, until he has closed them, which takes a moment. They are no second
     * way to the device.
     */
    private Set<String> withoutInherited(Set<String> found, Path process, long own, String path, long endNanos) {
        if (!Files.exists(process)) {
            return Set.of();
        }
        Set<String> others = new HashSet<>(found);
        if (parent(process) == own) {
            others.removeAll(descriptors(proc.resolve(Long.toString(own)), path, endNanos));
        }
        return others;
    }

    /** Who has started it; 0 if that is not shown. */
    private static long parent(Path process) {
        try {
            // 4711 (a (strange) name) S 100 …
            String all = new String(Files.readAllBytes(process.resolve("stat")), StandardCharsets.ISO_8859_1);
            String[] words = all.substring(all.lastIndexOf(')') + 1).strip().split(" ", 3);
            return words.length == 3 ? number(words[1]) : 0;
        } catch (IOException | SecurityException gone) {
            LOG.trace("{} cannot be read, or is gone", process, gone);
            return 0;
        }
    }

    /** The numbers, as text, of those that lead there. */
    private static Set<String> descriptors(Path process, String path, long endNanos) {
        Set<String> found = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            int seen = 0;
            for (Path file : files) {
                if (seen++ == MOST_FILES || isOver(endNanos)) {
                    break;
                }
                String target = target(file);
                if (target.equals(path) && isSameDevice(file, path)) {
                    found.add(String.valueOf(file.getFileName()));
                } else if (target.endsWith(PSEUDO_TERMINAL_MAKER) && path.startsWith(PSEUDO_TERMINALS)) {
                    return Set.of();
                }
            }
        } catch (IOException | DirectoryIteratorException | SecurityException notOurs) {
            LOG.trace("{} cannot be read, or is gone", process, notOurs);
        }
        return found;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException | UnsupportedOperationException | InvalidPathException | SecurityException gone) {
            return "";
        }
    }

    /** A container has pseudo-terminals of its own, by the same names. */
    private static boolean isSameDevice(Path file, String path) {
        if (!path.startsWith(PSEUDO_TERMINALS)) {
            return true;
        }
        try {
            return Files.getAttribute(file, "unix:dev").equals(Files.getAttribute(Path.of(path), "unix:dev"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException | SecurityException unknown) {
            return true;
        }
    }

    private static OptionalLong user(Path process) {
        try {
            Object user = Files.getAttribute(process, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return user instanceof Number known ? OptionalLong.of(known.longValue()) : OptionalLong.empty();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException | SecurityException unknown) {
            return OptionalLong.empty();
        }
    }

    /** A process number; 0 if it is none. */
    static long number(String text) {
        boolean isNumber = !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(text) : 0;
    }

    private static boolean isOver(long endNanos) {
        return System.nanoTime() - endNanos >= 0;
    }
}
