package dev.meshlease.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a store of claims, and what the store has to tell others: in the order of the changes, one after the other, and never under
 * the lock, so that whoever is told may ask the store.
 */
final class Words {
    private static final Logger LOG = LoggerFactory.getLogger(Words.class);

    private final Object lock = new Object();
    private final Deque<Runnable> untold = new ArrayDeque<>();
    private boolean telling;

    /** Changes something, then tells what follows from it, unless somebody is telling already: then that one does. */
    void change(Runnable change) {
        synchronized (lock) {
            change.run();
        }
        tell();
    }

    <T> T read(Supplier<T> what) {
        synchronized (lock) {
            return what.get();
        }
    }

    /** Inside {@link #change}: to be told after it. */
    void add(Runnable word) {
        untold.add(word);
    }

    private void tell() {
        synchronized (lock) {
            if (telling) {
                return;
            }
            telling = true;
        }
        for (Runnable word = next(); word != null; word = next()) {
            try {
                word.run();
            } catch (RuntimeException | Error failure) {
                LOG.warn("Who was told something of a claim failed", failure);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (lock) {
            Runnable word = untold.poll();
            telling = word != null;
            return word;
        }
    }
}
