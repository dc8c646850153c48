package dev.meshlease;

/** Why a physical connection ended, or did not come about, as far as the evidence goes. */
public enum LossCause {
    /** This side closed it. */
    CLOSED_BY_US,
    /** The name has no address now. */
    UNRESOLVED,
    /** Nobody listens there. */
    REFUSED,
    /** There is no way to the host. */
    UNREACHABLE,
    /** No answer in time while connecting, or no progress in the handshake. */
    TIMED_OUT,
    /** The node aborted the connection. */
    RESET,
    /** The node closed the connection in order. */
    END_OF_STREAM,
    /** The node ended the connection soon after accepting it, not for the first time: something else connects to it. See {@link Contention}. */
    DISPLACED,
    /**
     * A link of this program to the same node, opened under another name, took the connection for a moment; it found out and is closed. See
     * {@link DuplicateLinkException.Scope#NODE}.
     */
    DISPLACED_BY_DUPLICATE,
    /** The node said that it restarted, or its serial console printed what a chip prints then. */
    REBOOTED,
    /** What answers there does not speak this protocol. */
    PROTOCOL_ERROR,
    /**
     * The connection looked alive, but a question stayed unanswered, or the node took nothing of what was written, or this side was silent
     * for so long that a serial console forgot it.
     */
    DEAD,
    /** What answers there is a node that another link of this program has, under another name. */
    CLAIM_HELD,
    /**
     * The claim to the node, in the store that the registry was given, was lost or suspended, or is not to be had again: the link must not
     * be connected without it.
     */
    CLAIM_LOST,
    /** There is no such serial device now, or what was there has been unplugged. */
    NO_SUCH_DEVICE,
    /** Another program has the serial device, or this one has it past the library. */
    BUSY,
    /** This user may not open the serial device. */
    NOT_PERMITTED,
    /** Serial ports cannot be used at all: jSerialComm's native library does not load, for instance. */
    UNAVAILABLE,
    /** The device was lost while it was open, or failed; it may have been unplugged. */
    DEVICE
}
