package dev.meshlease.internal.machine;

import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.LinkKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who holds the lock of one key, in a file beside it, since the lock file itself must not be read. One file for each user, because a user
 * cannot replace what another one's crashed program has left in a sticky folder.
 *
 * <p>What is read may be anybody's work: it is bounded, stripped of control characters, and only ever shown.
 */
final class HolderNotes {
    private static final String ENDING = ".holder";
    private static final String TITLE = "meshlease claim 1";
    private static final int MOST_BYTES = 16 * 1024;
    private static final int MOST_HOLDERS = 64;
    private static final int MOST_NOTES = 256;
    private static final int MOST_CHARS = 120;

    private final ClaimFolder folder;
    private final String name;
    private final Path own;

    /** @param name of the lock file */
    HolderNotes(ClaimFolder folder, String name) {
        this.folder = folder;
        this.name = name;
        this.own = folder.path().resolve(name + "." + folder.user() + ENDING);
    }

    /** Replaces the own note, at once for whoever reads. */
    void write(LinkKey key, ClaimHolder self) throws IOException {
        StringBuilder text = new StringBuilder(TITLE);
        line(text, "key", key.toString());
        line(text, "host", self.host());
        line(text, "pid", Long.toString(self.pid()));
        line(text, "program", self.program());
        line(text, "since", self.since().toString());
        self.holders().stream().limit(MOST_HOLDERS).forEach(holder -> line(text, "holder", holder));
        Path fresh = Files.createTempFile(
                folder.path(),
                "." + name,
                ENDING,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        try {
            Files.write(fresh, text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--")); // Whatever the umask.
            Files.move(fresh, own, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            Files.deleteIfExists(fresh);
            throw failure;
        }
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append('\n').append(what).append(": ").append(clean(value));
    }

    void delete() throws IOException {
        Files.deleteIfExists(own);
    }

    /** All that can be read, in no order, and no more than a person could have meant. */
    List<ClaimHolder> read() throws IOException {
        List<ClaimHolder> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.path(), this::isNote)) {
            int seen = 0;
            for (Path each : files) {
                if (++seen > MOST_NOTES) {
                    break;
                }
                read(each).ifPresent(all::add);
            }
        } catch (java.nio.file.DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return all;
    }

    private boolean isNote(Path path) {
        String file = String.valueOf(path.getFileName());
        return file.startsWith(name + ".") && file.endsWith(ENDING);
    }

    private static Optional<ClaimHolder> read(Path path) {
        try {
            Inode it = Inode.of(path);
            if (!it.isFile() || it.links() != 1) {
                // Such as a pipe, which would never end; or a lock file of ours by another name: closing it would lose
                // the lock.
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
                return parse(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** As much of it as makes sense; empty if it does not even say which process. */
    static Optional<ClaimHolder> parse(String text) {
        String host = "";
        long pid = 0;
        String program = "";
        Instant since = ClaimHolder.UNKNOWN_SINCE;
        List<String> holders = new ArrayList<>();
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(TITLE)) {
            return Optional.empty();
        }
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(": ");
            String value = colon < 0 ? "" : clean(line.substring(colon + 2));
            switch (colon < 0 ? "" : line.substring(0, colon)) {
                case "host" -> host = value;
                case "pid" -> pid = number(value);
                case "program" -> program = value;
                case "since" -> since = instant(value);
                case "holder" -> {
                    if (holders.size() < MOST_HOLDERS) {
                        holders.add(value);
                    }
                }
                default -> {
                    // Of a later version.
                }
            }
        }
        return pid <= 0 ? Optional.empty() : Optional.of(new ClaimHolder(host, pid, program, holders, since));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException garbage) {
            return 0;
        }
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException garbage) {
            return ClaimHolder.UNKNOWN_SINCE;
        }
    }

    /** Fit for a log and a terminal. */
    private static String clean(String text) {
        String shown = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?").strip();
        return shown.length() <= MOST_CHARS ? shown : shown.substring(0, MOST_CHARS);
    }
}
