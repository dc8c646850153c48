package dev.meshlease;

import org.jspecify.annotations.Nullable;

/** An endpoint that is malformed, or that no transport serves; the message names the transports that were found. */
public final class EndpointException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    public EndpointException(String message) {
        this(message, null, null);
    }

    public EndpointException(String message, @Nullable Endpoint endpoint, @Nullable Throwable cause) {
        super(message, endpoint, null, cause);
    }
}
