package dev.meshlease;

/** A link that somebody declared. Only {@link LinkRegistry#open} hands it out: who opens may close. */
public interface OwnedLink extends Link, AutoCloseable {
    /**
     * Closes the link and its leases: says goodbye to the node, closes the connection, gives the claim back. Waits for that, 5 s at the
     * most (from inside the loop, not at all). Idempotent.
     */
    @Override
    void close();
}
