package dev.meshlease;

import org.jspecify.annotations.Nullable;

/** The lease was closed, by its holder or with its link; the cause says why where it was not the holder. */
public final class LeaseClosedException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    public LeaseClosedException(
            String message, @Nullable Endpoint endpoint, @Nullable String holder, @Nullable Throwable cause) {
        super(message, endpoint, holder, cause);
    }
}
