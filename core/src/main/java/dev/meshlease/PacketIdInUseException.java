package dev.meshlease;

import org.jspecify.annotations.Nullable;

/**
 * The packet id that the caller chose is in use on this link, or was among the latest 20, which nodes remember and swallow. With id 0 the
 * link chooses one that is free.
 */
public final class PacketIdInUseException extends MeshleaseException {
    private static final long serialVersionUID = 1L;

    private final int packetId;

    public PacketIdInUseException(int packetId, Endpoint endpoint, @Nullable String holder) {
        super(
                endpoint + ": packet id " + Integer.toUnsignedString(packetId)
                        + " is in use on this link, or was lately. Leave the id 0, and the link chooses one that is free.",
                endpoint,
                holder,
                null);
        this.packetId = packetId;
    }

    /** The id that collided. */
    public int packetId() {
        return packetId;
    }
}
