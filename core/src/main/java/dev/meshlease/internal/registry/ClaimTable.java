package dev.meshlease.internal.registry;

import dev.meshlease.spi.LinkKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Claims and releases in a table that several registries share, perhaps each with a copy of this class of its own.
 *
 * <p>The table itself is the lock, since it is all that the copies have in common: without one, a claim that takes its first key, finds
 * the second taken and gives the first back would refuse whoever asks for the first meanwhile, in the name of one who never had it.
 *
 * <p><b>Threading:</b> safe from any thread; the lock is held for as long as it takes to look up a few keys.
 */
final class ClaimTable {
    private final Map<String, Map<String, Object>> table;

    ClaimTable(Map<String, Map<String, Object>> table) {
        this.table = table;
    }

    /** A key and whose it is. */
    record Taken(LinkKey key, Map<String, Object> by) {}

    /** Claims all keys, or none. Keys that the claimer has already stay. */
    Optional<Taken> claim(Collection<LinkKey> keys, Map<String, Object> claimer) {
        synchronized (table) {
            for (LinkKey key : new TreeSet<>(keys)) {
                Map<String, Object> other = table.get(key.toString());
                if (other != null && !other.equals(claimer)) {
                    return Optional.of(new Taken(key, other));
                }
            }
            keys.forEach(key -> table.put(key.toString(), claimer));
            return Optional.empty();
        }
    }

    /** Gives back those of the keys that the claimer has. */
    void release(Collection<LinkKey> keys, Map<String, Object> claimer) {
        synchronized (table) {
            keys.forEach(key -> table.remove(key.toString(), claimer));
        }
    }

    /** Gives back all that the claimer has. */
    void releaseAll(Map<String, Object> claimer) {
        synchronized (table) {
            table.values().removeIf(claimer::equals);
        }
    }

    /** Gives those of the keys that one has to another, as long as that has a certain key. */
    void handOver(Collection<LinkKey> keys, Map<String, Object> from, Map<String, Object> to, LinkKey provided) {
        synchronized (table) {
            if (to.equals(table.get(provided.toString()))) {
                keys.forEach(key -> table.replace(key.toString(), from, to));
            }
        }
    }

    /** Gives back those of the names that the claimer has. */
    void forget(Collection<?> names, Map<String, Object> claimer) {
        synchronized (table) {
            names.forEach(name -> table.remove(name, claimer));
        }
    }
}
