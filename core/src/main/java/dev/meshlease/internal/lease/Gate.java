package dev.meshlease.internal.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Whether callbacks may start. A subscription's gate stands behind its lease's: closing the lease shuts them all in one step.
 *
 * <p>{@link #isOpen} right before user code is the start of that callback: what found the gate open before {@link #close} returned counts
 * as running, and is not awaited.
 */
final class Gate {
    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(Gate.class, "closed", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final @Nullable Gate outer;
    private volatile boolean closed;

    /** A gate of its own. */
    Gate() {
        this(null);
    }

    /** A gate behind another. */
    Gate(@Nullable Gate outer) {
        this.outer = outer;
    }

    boolean isOpen() {
        return !closed && (outer == null || outer.isOpen());
    }

    /** Lets no more callbacks start; tells whether this gate itself was open before. */
    boolean close() {
        return CLOSED.compareAndSet(this, false, true);
    }
}
