package dev.meshlease.testkit.internal.firmware;

/** One client's connection, as a face gives it to the firmware. On the node's thread. */
public interface ClientWire {
    /** Writes one whole frame, header included; the face buffers what the client does not read. Ignored after the end. */
    void write(byte[] frame);

    /**
     * Ends the connection; what was written before goes out first unless it is reset. Idempotent.
     *
     * @param reset abort (RST) rather than end in order (FIN)
     */
    void close(boolean reset);
}
