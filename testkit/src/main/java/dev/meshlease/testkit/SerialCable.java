package dev.meshlease.testkit;

/**
 * What leads from a simulated node's serial console to two streams.
 *
 * <p><b>Threading:</b> safe from any thread but the node's own.
 */
public interface SerialCable extends AutoCloseable {
    /** Whether it still leads anywhere: nobody has closed it, and neither stream has ended or failed. */
    boolean isPlugged();

    /**
     * Pulls the cable, and closes both streams after the node's last words, within a second or so. The node goes on, and its console keeps
     * its session. Idempotent.
     */
    @Override
    void close();
}
