package dev.meshlease;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of all that this library throws on purpose. Each message says what happened, to which endpoint, and what to do about it.
 */
public abstract class MeshleaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Endpoint endpoint;
    private final @Nullable String holder;

    MeshleaseException(
            String message, @Nullable Endpoint endpoint, @Nullable String holder, @Nullable Throwable cause) {
        super(message, cause);
        this.endpoint = endpoint;
        this.holder = holder;
    }

    /** The endpoint it is about, where there is one. */
    public Optional<Endpoint> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    /** The holder it happened to, where there is one. */
    public Optional<String> holder() {
        return Optional.ofNullable(holder);
    }
}
