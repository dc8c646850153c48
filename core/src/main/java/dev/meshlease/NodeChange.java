package dev.meshlease;

import dev.meshlease.message.NodeId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Another node answered than before, or the same under another number. Both are told by the node itself at the start of each connection:
 * its number, which may change, and its device id ({@code MyNodeInfo.device_id}, 16 bytes of the hardware), which some builds leave out.
 *
 * @param kind what the two tell about it
 * @param before the number until then
 * @param now the number since
 * @param at when that was told
 */
public record NodeChange(Kind kind, NodeId before, NodeId now, Instant at) {
    /** What has changed. */
    public enum Kind {
        /** The same device has another number, for instance after its settings were erased. */
        RENUMBERED,
        /** Another device answers at the same address. What was queued for the former one goes to the mesh of this one. */
        REPLACED,
        /** The number is another, and at least one of the two told no device id: nobody can say which of both it is. */
        UNKNOWN
    }

    public NodeChange {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(at, "at");
    }

    /** As in {@code node REPLACED: !a1000001 -> !a1000002 at …}. */
    @Override
    public String toString() {
        return "node " + kind + ": " + before + " -> " + now + " at " + at.truncatedTo(ChronoUnit.MILLIS);
    }
}
