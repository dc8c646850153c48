package dev.meshlease;

/**
 * A stream of packets that a holder asked for.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public interface Subscription extends AutoCloseable {
    /** Whether it still gets packets: not closed, and neither is its lease. */
    boolean isOpen();

    /** Ends the stream; what is unread is dropped. No callback starts afterwards; one that runs is not awaited. Idempotent. */
    @Override
    void close();
}
