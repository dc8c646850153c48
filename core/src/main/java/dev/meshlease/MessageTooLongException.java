package dev.meshlease;

import org.jspecify.annotations.Nullable;

/** The payload does not fit one radio frame. Nothing was sent; the node would have dropped it, in silence above 239 bytes. */
public final class MessageTooLongException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    private final int limitBytes;

    public MessageTooLongException(int bytes, int limitBytes, Endpoint endpoint, @Nullable String holder) {
        super(
                endpoint + ": a payload of " + bytes + " bytes does not fit; the limit for this message is "
                        + limitBytes + " bytes. Split it, or shorten it.",
                endpoint,
                holder,
                null);
        this.limitBytes = limitBytes;
    }

    /** The most that this message could have carried, in bytes of payload. */
    public int limitBytes() {
        return limitBytes;
    }
}
