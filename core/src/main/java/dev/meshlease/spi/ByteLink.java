package dev.meshlease.spi;

import java.nio.ByteBuffer;

/**
 * One physical connection, as bytes.
 *
 * <p>No method throws for what the world does: a failure comes as {@link ByteLinkListener#closed}.
 *
 * <p><b>Threading:</b> on the loop only.
 */
public interface ByteLink {
    /**
     * Writes what can be taken now.
     *
     * @param bytes the bytes; its position moves past what was taken
     * @return how many bytes were taken; if not all, {@link ByteLinkListener#writable()} follows when there is room again
     */
    int write(ByteBuffer bytes);

    /** Ends the connection in order: bytes already taken go out first. {@link ByteLinkListener#closed} follows. Idempotent. */
    void close();

    /** Ends the connection at once; bytes on their way may be lost. {@link ByteLinkListener#closed} follows. Idempotent. */
    void abort();
}
