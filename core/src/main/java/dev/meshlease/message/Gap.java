package dev.meshlease.message;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Packets are missing at this place in the stream.
 *
 * @param reason why
 * @param missed how many, where that can be known
 * @param cursor its place in the stream: behind what is missing, as far as that had a place
 */
public record Gap(Reason reason, OptionalLong missed, Cursor cursor) implements Arrival {
    public Gap {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(missed, "missed");
        Objects.requireNonNull(cursor, "cursor");
    }

    /** Why packets are missing. */
    public enum Reason {
        /** The holder was slower than the mesh, and its inbox was full. The number is exact. */
        INBOX_FULL,
        /**
         * A feed that goes on {@link Feed#after after} a place goes further back than the link remembers. The number is exact, but counts
         * all packets, also those that the filter would have refused.
         */
        HISTORY_EXPIRED,
        /** The link was down. The node keeps a few packets for its next client; how many it could not keep nobody knows. */
        LINK_DOWN
    }
}
