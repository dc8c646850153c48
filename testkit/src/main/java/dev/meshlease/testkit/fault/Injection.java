package dev.meshlease.testkit.fault;

/**
 * Faults that a simulated node was given together.
 *
 * <p><b>Threading:</b> safe from any thread but the node's own.
 */
public interface Injection extends AutoCloseable {
    /**
     * How often they have struck, all together: frames hit, connections or nodes brought into trouble, appearances of a rival. A test that
     * asserts this proves that its fault happened.
     */
    int strikes();

    /** Ends them: what stalled goes on, a rival leaves, connections are accepted again. What is late or lost stays so. Idempotent. */
    @Override
    void close();
}
