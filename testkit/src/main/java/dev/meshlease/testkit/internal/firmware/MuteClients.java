package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.spi.TimeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Watches for clients that take the node's one place and never say a word: somebody who looks whether a node is there, at the cost of
 * whoever is connected. On the node's thread.
 *
 * <p>What the node ends within a second is no matter: the client's words may have been on their way. Nor is what the node did not read.
 */
final class MuteClients implements Witness {
    private static final long IN_DOUBT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TimeSource time;
    private final Counters counters;
    private final MuteAccount account = MuteAccount.here();
    private final Map<String, Long> silentSinceNanos = new HashMap<>();

    MuteClients(TimeSource time, Counters counters) {
        this.time = time;
        this.counters = counters;
    }

    /** A connection to be watched. */
    void watch(String connection) {
        silentSinceNanos.put(connection, time.nanoTime());
    }

    @Override
    public void received(String connection, byte[] bytes, int offset, int length) {
        if (!silentSinceNanos.isEmpty()) {
            silentSinceNanos.remove(connection);
        }
    }

    @Override
    public void paused(String connection, boolean paused) {
        silentSinceNanos.remove(connection);
    }

    @Override
    public void ended(String connection, End how) {
        Long since = silentSinceNanos.remove(connection);
        if (since != null && (how == End.BY_CLIENT || time.nanoTime() - since >= IN_DOUBT_NANOS)) {
            counters.mute++;
            account.add(connection, how);
        }
    }
}
