package dev.meshlease;

import dev.meshlease.message.Cursor;

/**
 * A stream of packets that a holder asked for.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public interface Subscription extends AutoCloseable {
    /**
     * How far it has looked: behind what its holder was given, and behind what its filter refused. Another feed {@linkplain
     * dev.meshlease.message.Feed#after after} this place goes on where this one stops, whether it was closed or not. That of a watch is where the link's packets are.
     */
    Cursor cursor();

    /** Whether it still gets packets: not closed, and neither is its lease. */
    boolean isOpen();

    /** Ends the stream; what is unread is dropped. No callback starts afterwards; one that runs is not awaited. Idempotent. */
    @Override
    void close();
}
