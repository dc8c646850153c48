package dev.meshlease.internal.registry;

import dev.meshlease.spi.Environment;
import java.util.Map;
import java.util.WeakHashMap;

/** Tells the nodes of virtual environments apart: each has nodes of its own, which may have the numbers of another one's. */
final class Worlds {
    private static final Map<Environment, String> VIRTUAL = new WeakHashMap<>();
    private static int count;

    private Worlds() {}

    /** What to put behind a node's name: nothing for one of the real world. */
    static String of(Environment environment) {
        if (!environment.isVirtual()) {
            return "";
        }
        synchronized (VIRTUAL) {
            return VIRTUAL.computeIfAbsent(environment, unseen -> " of virtual world " + ++count);
        }
    }
}
