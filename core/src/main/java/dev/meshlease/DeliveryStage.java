package dev.meshlease;

/**
 * How far a message has come.
 *
 * <pre>
 * QUEUED ──► WRITTEN ──► ACCEPTED ──► (RELAYED ──►) ACKNOWLEDGED
 *    │          │            │             │
 *    └──────────┴────────────┴─────────────┴──────► FAILED, or UNKNOWN
 * </pre>
 *
 * A message without ack ends at ACCEPTED, a broadcast with ack at the implicit ack, a direct message at its destination's ack.
 */
public enum DeliveryStage {
    /** In the link's outbox. */
    QUEUED,
    /** Written to the node. */
    WRITTEN,
    /** The node said it took it ({@code queueStatus} with {@code res = 0}); that is all this means. */
    ACCEPTED,
    /** Another node was heard repeating it; of a direct message nobody knows yet whether it arrived. */
    RELAYED,
    /** Acknowledged: by the destination, or for a broadcast by being heard repeated. */
    ACKNOWLEDGED,
    /** It did not get through, for a known reason. */
    FAILED,
    /** Nobody can say what became of it, and that is no success. */
    UNKNOWN;

    /** Whether the message has come to its end once it is here, ack or no ack. */
    public boolean isEnd() {
        return this == ACKNOWLEDGED || this == FAILED || this == UNKNOWN;
    }
}
