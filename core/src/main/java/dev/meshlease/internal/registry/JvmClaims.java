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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which keys are claimed in this JVM, by whichever registry, in whichever class loader.
 *
 * <p>The table stands in the system properties and is made of JDK types only, so that every copy of this class in the JVM sees the same
 * one. An entry is a map with the keys below; a later version may add keys, never change these.
 */
final class JvmClaims {
    private static final Logger LOG = LoggerFactory.getLogger(JvmClaims.class);
    private static final String PROPERTY = "dev.meshlease.claims";

    private static final String SINCE = "since";
    private static final String ENDPOINT = "endpoint";
    private static final String HOLDERS = "holders";
    private static final String OPENED_FROM = "openedFrom";
    private static final String FOREIGN = "foreign";

    // Of later versions: may be missing.
    private static final String ALIASES = "aliases";
    private static final String SIGHTINGS = "sightings";
    private static final String DISPLACED = "displaced";

    /** The table, for the case that somebody replaces the properties: {@code System.setProperties} must not free all claims. */
    private static volatile Map<String, Map<String, Object>> lastSeen = new ConcurrentHashMap<>();

    private JvmClaims() {}

    /** What stands in the table for one link. Equal to none but itself, since each has a stack of its own in it. */
    record Entry(Map<String, Object> content) {
        /**
         * @param displaced told the name of a link that has taken the node's connection by mistake, and when it began to connect
         * @param foreign who was found at the node past the library
         */
        static Entry of(
                String endpoint,
                Instant since,
                Supplier<List<String>> holders,
                Throwable openedFrom,
                BiConsumer<String, Instant> displaced,
                Supplier<List<Map<String, Object>>> foreign) {
            return new Entry(Map.of(
                    ENDPOINT,
                    endpoint,
                    SINCE,
                    since,
                    HOLDERS,
                    holders,
                    OPENED_FROM,
                    openedFrom,
                    ALIASES,
                    ConcurrentHashMap.newKeySet(),
                    SIGHTINGS,
                    new AtomicLong(),
                    DISPLACED,
                    displaced,
                    FOREIGN,
                    foreign));
        }

        /** The node that is claimed has been heard once more. */
        void sighted() {
            if (content.get(SIGHTINGS) instanceof AtomicLong count) {
                count.incrementAndGet();
            }
        }
    }

    /**
     * Somebody else's claim.
     *
     * @param byAlias whether that name is not its own, but was found to lead to the same node
     * @param foreign who was found at the node past the library
     */
    record Refusal(
            LinkKey key,
            String endpoint,
            ClaimHolder holder,
            Throwable openedFrom,
            boolean byAlias,
            Entry other,
            List<ForeignConnection> foreign) {
        /** How often its node has been heard. */
        long sightings() {
            return other.content().get(SIGHTINGS) instanceof AtomicLong count ? count.get() : 0;
        }

        /** Tells it that it was displaced. By the other one's code, as below; whether it hears of it is its own affair. */
        @SuppressWarnings("unchecked") // See the table's description.
        void displaced(String by, Instant since) {
            if (other.content().get(DISPLACED) instanceof BiConsumer<?, ?> told) {
                try {
                    ((BiConsumer<String, Instant>) told).accept(by, since);
                } catch (RuntimeException | LinkageError deaf) {
                    LOG.debug("{} could not be told that {} has displaced it", endpoint, by, deaf);
                }
            }
        }
    }

    /** Claims all keys, or none. Keys that the entry has already stay. */
    static Optional<Refusal> claim(Collection<LinkKey> keys, Entry entry) {
        Optional<Refusal> refusal =
                new ClaimTable(table()).claim(keys, entry.content()).map(taken -> refusal(taken.key(), taken.by()));
        if (refusal.isEmpty() && entry.content().get(ALIASES) instanceof Set<?> aliases) {
            keys.forEach(key -> aliases.remove(key.toString())); // Its own from now on, whatever becomes of its node.
        }
        return refusal;
    }

    static void release(Collection<LinkKey> keys, Entry entry) {
        new ClaimTable(table()).release(keys, entry.content());
    }

    /** Gives everything back, names that were handed to it included. */
    static void releaseAll(Entry entry) {
        new ClaimTable(table()).releaseAll(entry.content());
    }

    /** Gives the names of one to another that has the same node, as names of that; nothing happens if it has gone meanwhile. */
    @SuppressWarnings("unchecked") // See the table's description.
    static void handOver(Collection<LinkKey> keys, Entry from, Entry to, LinkKey node) {
        if (to.content().get(ALIASES) instanceof Set<?> aliases) {
            keys.forEach(key -> ((Set<String>) aliases).add(key.toString()));
            new ClaimTable(table()).handOver(keys, from.content(), to.content(), node);
        }
    }

    /** Forgets the names that led to the same node: it is not certain any more that they do. */
    static void forgetAliases(Entry entry) {
        if (entry.content().get(ALIASES) instanceof Set<?> aliases) {
            new ClaimTable(table()).forget(aliases, entry.content());
            aliases.clear();
        }
    }

    @SuppressWarnings("unchecked") // Every copy of this class puts the same type there.
    private static Map<String, Map<String, Object>> table() {
        Map<String, Map<String, Object>> table =
                (Map<String, Map<String, Object>>) System.getProperties().computeIfAbsent(PROPERTY, name -> lastSeen);
        lastSeen = table;
        return table;
    }

    private static Refusal refusal(LinkKey key, Map<String, Object> other) {
        return new Refusal(
                key,
                content(other, ENDPOINT, String.class),
                ThisProcess.holding(holders(other), content(other, SINCE, Instant.class)),
                content(other, OPENED_FROM, Throwable.class),
                other.get(ALIASES) instanceof Set<?> aliases && aliases.contains(key.toString()),
                new Entry(other),
                foreign(other));
    }

    /** Told by the other one's code, perhaps of a class loader that is closed: a refusal it is in any case. */
    @SuppressWarnings("unchecked") // See the table's description.
    private static List<String> holders(Map<String, Object> other) {
        try {
            return List.copyOf(((Supplier<List<String>>) content(other, HOLDERS, Supplier.class)).get());
        } catch (RuntimeException | LinkageError untold) {
            return List.of();
        }
    }

    /** Told as above. */
    @SuppressWarnings("unchecked") // See the table's description.
    private static List<ForeignConnection> foreign(Map<String, Object> other) {
        try {
            return other.get(FOREIGN) instanceof Supplier<?> notes
                    ? ForeignNotes.read(((Supplier<List<Map<String, Object>>>) notes).get())
                    : List.of(); // Of a copy from before there were any.
        } catch (RuntimeException | LinkageError untold) {
            return List.of();
        }
    }

    private static <T> T content(Map<String, Object> entry, String name, Class<T> type) {
        return Objects.requireNonNull(type.cast(entry.get(name)), name);
    }
}
