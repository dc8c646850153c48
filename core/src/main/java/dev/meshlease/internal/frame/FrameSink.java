package dev.meshlease.internal.frame;

/** Takes the payloads that a {@link FrameDecoder} finds, and judges whether they are messages at all. */
@FunctionalInterface
public interface FrameSink {
    /**
     * Takes the payload {@code array[offset .. offset + length)}, of 0 to {@value FrameDecoder#MAX_PAYLOAD_BYTES} bytes.
     *
     * <p>The array is the one that was fed, or the decoder's own: it is valid until this method returns and must not be
     * written to. Runs on the thread that feeds, in stream order, and must neither feed nor reset the decoder. What
     * happens when it throws is told at {@link FrameDecoder#feed}.
     *
     * @return false if the payload is not a message: the decoder then treats the start bytes as noise and rescans from
     *     the byte after START1
     */
    boolean frame(byte[] array, int offset, int length);

    /**
     * Looks at noise: bytes that belong to no frame, in stream order, in pieces. The same holds for the array as above.
     * Noise that {@link FrameDecoder#reset} forgets is not shown.
     */
    default void skipped(byte[] array, int offset, int length) {}
}
