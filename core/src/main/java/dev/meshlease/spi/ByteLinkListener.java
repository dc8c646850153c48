package dev.meshlease.spi;

import java.nio.ByteBuffer;

/**
 * Told what happens to one physical connection. Order: {@link #opened()} once, then {@link #received} and {@link #writable()}, then
 * {@link #closed} exactly once; a connection that never opens gets {@code closed} alone.
 *
 * <p><b>Threading:</b> called on the loop only, never from inside {@link Target#connect} or a method of {@link ByteLink}.
 */
public interface ByteLinkListener {
    /** The connection is established. */
    void opened();

    /** There is room again after a write that was not taken whole. */
    void writable();

    /**
     * Bytes arrived.
     *
     * @param bytes valid during the call only
     */
    void received(ByteBuffer bytes);

    /**
     * The connection is over, and all its bytes have been reported.
     *
     * @param loss what was seen
     */
    void closed(Loss loss);
}
