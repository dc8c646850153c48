package dev.meshlease.internal.link;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** What the engine does to the physical side. Called on the loop; none of these calls the engine back from inside. */
public interface Connection {
    /** Look the address up and connect. Answered by {@code unlocated}, {@code opened} or {@code closed}. */
    void connect();

    /** Write a frame. */
    void write(ByteBuffer frame);

    /** Since when the other side has taken nothing of what was written, in monotonic nanoseconds; empty while nothing waits for it. */
    OptionalLong stuckSinceNanos();

    /** Whether a serial console is at the other end, see {@link dev.meshlease.spi.Target#isConsole()}. */
    boolean isConsole();

    /**
     * End the connection in order; what was written goes out first. An attempt is given up; should it come about meanwhile, it says goodbye
     * by itself. Answered by {@code closed}.
     */
    void hangUp();

    /** End the connection, or the attempt, at once. Answered by {@code closed}. */
    void abort();
}
