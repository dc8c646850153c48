package dev.meshlease.internal.lease;

import java.lang.ref.Cleaner;

/** Finds out what its holder has dropped without closing it. */
final class Leaks {
    private static final Cleaner CLEANER =
            Cleaner.create(); // Its thread is a daemon, of this JVM rather than of a registry.

    private Leaks() {}

    /**
     * Runs something once nobody can reach the tool any more.
     *
     * @param dropped must not lead to the tool, and does nothing if that was closed
     */
    static void watch(Object tool, Runnable dropped) {
        var unused = CLEANER.register(tool, dropped);
    }
}
