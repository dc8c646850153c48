package dev.meshlease;

/** A link that somebody declared. Only {@link LinkRegistry#open} hands it out: who opens may close. */
public interface OwnedLink extends Link, AutoCloseable {
    /**
     * Closes the link and its leases: says goodbye to the node, closes the connection, gives the claim back. Waits for that, 5 s at the
     * most; an interrupted thread does not wait, nor does an inline listener. From any thread, also from a callback. Idempotent.
     *
     * <p>The node has 2 s for its last verdicts and 2 s to let go; then the connection is aborted. Should its transport never say that it
     * has ended, the link stays claimed, for a second connection must not be made beside it; a warning says so. Closing the registry ends
     * that too.
     */
    @Override
    void close();
}
