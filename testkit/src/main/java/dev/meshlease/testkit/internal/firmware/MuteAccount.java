package dev.meshlease.testkit.internal.firmware;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The mute connections of all nodes of this JVM, in a file, if the system property {@value #PROPERTY} names one. For the build of this
 * library, whose last module reads it. From any thread.
 */
final class MuteAccount {
    static final String PROPERTY = "meshlease.testkit.mute";

    private static final @Nullable Path FILE = begin(System.getProperty(PROPERTY, ""));

    private final String origin;

    private MuteAccount(String origin) {
        this.origin = origin;
    }

    /** The account of a node that is made here. */
    static MuteAccount here() {
        return new MuteAccount(FILE == null ? "" : maker());
    }

    private static @Nullable Path begin(String file) {
        if (file.isEmpty()) {
            return null;
        }
        Path account = Path.of(file);
        try {
            Files.createDirectories(account.toAbsolutePath().getParent());
            return Files.writeString(account, "");
        } catch (IOException failed) {
            throw new UncheckedIOException("No account of mute connections in " + account, failed);
        }
    }

    /** Who made the node: what stands on the stack outside of the simulator. */
    private static String maker() {
        List<String> callers = StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith("java.")
                                && !frame.getClassName().startsWith("dev.meshlease.testkit.internal."))
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .filter(name -> name.startsWith("dev.meshlease."))
                        .collect(Collectors.toList()));
        return String.join(" < ", callers);
    }

    void add(String connection, Witness.End how) {
        Path file = FILE;
        if (file == null) {
            return;
        }
        String line = connection + " " + how + " at a node made by " + origin + System.lineSeparator();
        synchronized (MuteAccount.class) {
            try {
                Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            } catch (IOException failed) {
                throw new UncheckedIOException("No account of mute connections in " + file, failed);
            }
        }
    }
}
