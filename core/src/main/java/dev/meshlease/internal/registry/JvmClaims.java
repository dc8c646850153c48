package dev.meshlease.internal.registry;

import dev.meshlease.ForeignConnection;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.LinkKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Which keys are claimed in this JVM, by whichever registry, in whichever class loader.
 *
 * <p>The table stands in the system properties and is made of JDK types only, so that every copy of this class in the JVM sees the same
 * one. An entry is a map with the keys below; a later version may add keys, never change these.
 */
final class JvmClaims {
    private static final String PROPERTY = "dev.meshlease.claims";

    private static final String SINCE = "since";
    private static final String ENDPOINT = "endpoint";
    private static final String HOLDERS = "holders";
    private static final String OPENED_FROM = "openedFrom";
    private static final String FOREIGN = "foreign";

    /** The table, for the case that somebody replaces the properties: {@code System.setProperties} must not free all claims. */
    private static volatile Map<String, Map<String, Object>> lastSeen = new ConcurrentHashMap<>();

    private JvmClaims() {}

    /** What stands in the table for one link. Equal to none but itself, since each has a stack of its own in it. */
    record Entry(Map<String, Object> content) {
        static Entry of(String endpoint, Instant since, Supplier<List<String>> holders, Throwable openedFrom) {
            return of(endpoint, since, holders, openedFrom, List::of);
        }

        static Entry of(
                String endpoint,
                Instant since,
                Supplier<List<String>> holders,
                Throwable openedFrom,
                Supplier<List<Map<String, Object>>> foreign) {
            return new Entry(Map.of(
                    ENDPOINT, endpoint, SINCE, since, HOLDERS, holders, OPENED_FROM, openedFrom, FOREIGN, foreign));
        }
    }

    /** Somebody else's claim. */
    record Refusal(
            LinkKey key, String endpoint, ClaimHolder holder, Throwable openedFrom, List<ForeignConnection> foreign) {}

    /** Claims all keys, or none. Keys that the entry has already stay. */
    static Optional<Refusal> claim(Collection<LinkKey> keys, Entry entry) {
        Map<String, Map<String, Object>> table = table();
        TreeSet<LinkKey> granted = new TreeSet<>();
        for (LinkKey key : new TreeSet<>(keys)) {
            Map<String, Object> other = table.putIfAbsent(key.toString(), entry.content());
            if (other == null) {
                granted.add(key);
            } else if (!other.equals(entry.content())) {
                release(granted, entry);
                return Optional.of(refusal(key, other));
            }
        }
        return Optional.empty();
    }

    static void release(Collection<LinkKey> keys, Entry entry) {
        for (LinkKey key : keys) {
            table().computeIfPresent(key.toString(), (name, holder) -> holder.equals(entry.content()) ? null : holder);
        }
    }

    @SuppressWarnings("unchecked") // Every copy of this class puts the same type there.
    private static Map<String, Map<String, Object>> table() {
        Map<String, Map<String, Object>> table =
                (Map<String, Map<String, Object>>) System.getProperties().computeIfAbsent(PROPERTY, name -> lastSeen);
        lastSeen = table;
        return table;
    }

    @SuppressWarnings("unchecked") // See the table's description.
    private static Refusal refusal(LinkKey key, Map<String, Object> other) {
        List<String> holders = ((Supplier<List<String>>) content(other, HOLDERS, Supplier.class)).get();
        return new Refusal(
                key,
                content(other, ENDPOINT, String.class),
                ThisProcess.holding(holders, content(other, SINCE, Instant.class)),
                content(other, OPENED_FROM, Throwable.class),
                foreign(other));
    }

    @SuppressWarnings("unchecked") // See the table's description.
    private static List<ForeignConnection> foreign(Map<String, Object> other) {
        return other.get(FOREIGN) instanceof Supplier<?> notes
                ? ForeignNotes.read(((Supplier<List<Map<String, Object>>>) notes).get())
                : List.of(); // Of a copy from before there were any.
    }

    private static <T> T content(Map<String, Object> entry, String name, Class<T> type) {
        return Objects.requireNonNull(type.cast(entry.get(name)), name);
    }
}
