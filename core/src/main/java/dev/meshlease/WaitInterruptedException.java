package dev.meshlease;

import org.jspecify.annotations.Nullable;

/** The waiting thread was interrupted. Its interrupt flag is set again, and the operation goes on. */
public final class WaitInterruptedException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    public WaitInterruptedException(
            String message, @Nullable Endpoint endpoint, @Nullable String holder, @Nullable Throwable cause) {
        super(message, endpoint, holder, cause);
    }
}
