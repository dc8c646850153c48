package dev.meshlease.internal.lease;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Decides between starting a callback and closing. Whoever asks {@link #isOpen} and then calls user code would leave room for a close in
 * between; here a callback starts only if {@link #enter} came before {@link #close}.
 *
 * <p>That one check is the start of the callback: what was entered before {@code close} returned is running, and is not awaited.
 */
final class Gate {
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Whether a callback may start. */
    boolean enter() {
        return !closed.get();
    }

    boolean isOpen() {
        return !closed.get();
    }

    /** Lets no more callbacks start; tells whether it was open before. */
    boolean close() {
        return closed.compareAndSet(false, true);
    }
}
