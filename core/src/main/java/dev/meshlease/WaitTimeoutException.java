package dev.meshlease;

import org.jspecify.annotations.Nullable;

/** The caller's patience ran out. The operation itself goes on, up to its own deadline. */
public final class WaitTimeoutException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    public WaitTimeoutException(
            String message, @Nullable Endpoint endpoint, @Nullable String holder, @Nullable Throwable cause) {
        super(message, endpoint, holder, cause);
    }
}
