package dev.meshlease.testkit.internal.firmware;

/** One client's connection, as a face gives it to the firmware. On the node's thread. Nothing happens once it is over. */
public interface ClientWire {
    /**
     * Writes as much as the connection takes now. {@link ClientSession#writable()} follows when it takes more, if that was not all.
     *
     * @return how many bytes it took; all of them once it is over
     */
    int write(byte[] bytes, int offset, int length);

    /**
     * Ends the connection; what was written before goes out first unless it is reset. Idempotent.
     *
     * @param reset abort (RST) rather than end in order (FIN)
     */
    void close(boolean reset);

    /** Whether the client is there to evict others, and known for that. */
    default boolean isRival() {
        return false;
    }

    /** Forgets the connection without a word to the client, whose later bytes are answered by a reset once the node listens again. */
    void vanish();

    /** Stops or resumes handing over what the client sends; meanwhile it waits where the client notices, in the connection. */
    void pause(boolean paused);
}
