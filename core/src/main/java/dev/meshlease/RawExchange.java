package dev.meshlease;

import dev.meshlease.proto.ToRadio;

/**
 * What a holder of {@link Exclusive#xmodem()} or {@link Exclusive#mqttProxy()} says to the node. A transfer of files
 * ends when the link is lost: the node has forgotten it by then. The role of the proxy goes on over the next connection.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public interface RawExchange extends AutoCloseable {
    /**
     * Hands a message to the transport. It is not repeated, and not answered by the node as such.
     *
     * @param message of the kind that this exchange is about
     * @return ends when it is handed over; fails with {@link NotReadyException} if the link is down, if the exchange is over, or if the
     *     node takes nothing of what was written before: then nothing of this one was written
     * @throws IllegalArgumentException if it is of another kind, or too long for a frame
     * @throws IllegalStateException if the exchange was closed
     * @throws LeaseClosedException if the lease is closed
     */
    Pending<Void> send(ToRadio message);

    /** Gives the right back. Idempotent, does not wait. */
    @Override
    void close();
}
