package dev.meshlease;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request that got no usable answer. */
public final class RequestException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public RequestException(
            Reason reason, String message, Endpoint endpoint, @Nullable String holder, @Nullable Throwable cause) {
        super(message, endpoint, holder, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Why there is no answer. */
    public Reason reason() {
        return reason;
    }

    /** Why there is no answer. */
    public enum Reason {
        /**
         * Nothing came within the request's deadline, or it was not even sent by then; the message says which. Nodes stay silent on purpose
         * when they answered the same lately.
         */
        TIMEOUT,
        /** The node, or the mesh on the way to it, said no; the message has the protocol's own reason. */
        REFUSED,
        /** Something came that is no answer to this question. */
        MALFORMED
    }
}
