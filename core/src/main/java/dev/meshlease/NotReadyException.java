package dev.meshlease;

import org.jspecify.annotations.Nullable;

/** The node has not told its configuration yet, or the link is down and the holder chose not to wait; the message says what to await. */
public final class NotReadyException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    public NotReadyException(
            String message, @Nullable Endpoint endpoint, @Nullable String holder, @Nullable Throwable cause) {
        super(message, endpoint, holder, cause);
    }
}
