package dev.meshlease;

/** Why a message did not get through. */
public enum DeliveryFailure {
    /** The holder cancelled it while it was queued. */
    CANCELLED,
    /** The lease was closed while it was queued. */
    LEASE_CLOSED,
    /** The link went down: with {@link WhileDown#REFUSE} before it was written, else after, so that its fate is unknown. */
    LINK_DOWN,
    /** The lease's outbox of 64 messages was full. */
    OUTBOX_FULL,
    /** Its deadline passed while it was queued: it was never sent. */
    DEADLINE,
    /** The node's transmit queue was full ({@code res = 32}). */
    TX_QUEUE_FULL,
    /** The node found it too soon after the last ({@code RATE_LIMIT_EXCEEDED}). */
    RATE_LIMITED,
    /** Sent three times without being heard by anybody ({@code MAX_RETRANSMIT}). */
    MAX_RETRANSMIT,
    /** No way to the destination ({@code NO_ROUTE}, {@code GOT_NAK}, {@code TIMEOUT}). */
    NO_ROUTE,
    /** The node has no radio, its transmitter is off, or its region is unset. */
    NO_INTERFACE,
    /** The regional airtime is used up ({@code DUTY_CYCLE_LIMIT}). */
    DUTY_CYCLE,
    /** It does not fit one radio frame ({@code TOO_LARGE}). */
    TOO_LARGE,
    /** No such channel, or the receiver lacks its key ({@code NO_CHANNEL}). */
    NO_CHANNEL,
    /** The addressed node has nothing that answers this ({@code NO_RESPONSE}). */
    NO_RESPONSE,
    /** Public-key encryption failed, or a key is not known. */
    PKI,
    /** The sender may not do this: the node says so, or it is an edit of the settings past {@link Lease#exclusively}. */
    NOT_AUTHORIZED,
    /** Something else; the message of the {@link DeliveryException} has the node's own code. */
    OTHER
}
