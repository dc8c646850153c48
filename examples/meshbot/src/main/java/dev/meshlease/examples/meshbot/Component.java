package dev.meshlease.examples.meshbot;

import dev.meshlease.Lease;

/** A part of the bot. It has a lease of its own, and knows nothing of the other parts. */
interface Component extends AutoCloseable {
    Lease lease();

    /** Begins its work. The link may still be connecting. */
    void start();

    /** What it did, in a few words. */
    String summary();

    @Override
    void close();
}
