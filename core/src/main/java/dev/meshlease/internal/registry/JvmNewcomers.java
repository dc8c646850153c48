package dev.meshlease.internal.registry;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which links of this JVM, of whichever registry and class loader, are connected to a node that has not told yet who it is. It may be one
 * that another link has just lost to them.
 */
final class JvmNewcomers {
    private static final String PROPERTY = "dev.meshlease.newcomers";

    /** For the case that somebody replaces the properties. */
    private static volatile Map<Object, Map.Entry<String, CompletableFuture<Void>>> lastSeen =
            new ConcurrentHashMap<>();

    private JvmNewcomers() {}

    /**
     * One more.
     *
     * @param world where its node is, see {@link Worlds}
     * @return to be completed once it is known who the node is, or the connection is gone
     */
    static CompletableFuture<Void> enter(String world) {
        CompletableFuture<Void> known = new CompletableFuture<>();
        Map<Object, Map.Entry<String, CompletableFuture<Void>>> table = table();
        Object newcomer = new Object();
        table.put(newcomer, Map.entry(world, known));
        var unused = known.whenComplete((nothing, failure) -> table.remove(newcomer));
        return known;
    }

    /** Completes once all that are there now are known. */
    static CompletionStage<Void> known(String world) {
        return CompletableFuture.allOf(table().values().stream()
                .filter(each -> each.getKey().equals(world))
                .map(Map.Entry::getValue)
                .toArray(CompletableFuture<?>[]::new));
    }

    @SuppressWarnings("unchecked") // Every copy of this class puts the same type there.
    private static Map<Object, Map.Entry<String, CompletableFuture<Void>>> table() {
        Map<Object, Map.Entry<String, CompletableFuture<Void>>> table =
                (Map<Object, Map.Entry<String, CompletableFuture<Void>>>)
                        System.getProperties().computeIfAbsent(PROPERTY, name -> lastSeen);
        lastSeen = table;
        return table;
    }
}
