package dev.meshlease.internal.machine;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which lock files are open in this JVM, by whichever copy of this class: who opens and closes one that is locked already loses the
 * lock. The keys' own table in the JVM does not see to that, since a key may be given away while its file is still being closed.
 */
final class OpenFiles {
    private static final String PROPERTY = "dev.meshlease.claims.files";

    /** For the case that somebody replaces the properties. */
    private static volatile Map<String, CompletableFuture<Void>> lastSeen = new ConcurrentHashMap<>();

    private OpenFiles() {}

    /** Enters a file; if it is open, the stage that completes when it no longer is. */
    static @Nullable CompletableFuture<Void> enter(String path, CompletableFuture<Void> closed) {
        return table().putIfAbsent(path, closed);
    }

    static void leave(String path, CompletableFuture<Void> closed) {
        table().remove(path, closed);
        closed.complete(null);
    }

    @SuppressWarnings("unchecked") // Every copy of this class puts the same type there.
    private static Map<String, CompletableFuture<Void>> table() {
        Map<String, CompletableFuture<Void>> table = (Map<String, CompletableFuture<Void>>)
                System.getProperties().computeIfAbsent(PROPERTY, name -> lastSeen);
        lastSeen = table;
        return table;
    }
}
