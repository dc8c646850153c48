package dev.meshlease.testkit.fault;

/** What goes wrong. */
public enum FaultKind {
    /** A frame is lost. */
    DROP(Scope.FRAME),
    /** A frame comes late, and what is behind it with it. */
    DELAY(Scope.FRAME),
    /** One byte of a frame, header included, has another value. */
    CORRUPT(Scope.FRAME),
    /** The end of a frame is missing, up to all but its first byte. */
    TRUNCATE(Scope.FRAME),
    /** Up to 16 bytes of anything come before a frame. */
    GARBAGE(Scope.FRAME),
    /** A frame comes byte by byte, at the pace of a serial cable with 115200 baud. */
    SPLIT(Scope.FRAME),
    /** Nothing passes; what is said meanwhile is lost, but nobody is told. */
    SILENCE(Scope.CONNECTION),
    /** The node reads nothing: what the client writes waits in the connection. */
    STALL_READING(Scope.CONNECTION),
    /** The node gets nothing written: what it says waits, and it takes its client for a slow reader. */
    STALL_WRITING(Scope.CONNECTION),
    /** The connection is ended in order (FIN). */
    CLOSE(Scope.CONNECTION),
    /** The connection is aborted (RST). */
    RESET(Scope.CONNECTION),
    /** The node restarts. */
    REBOOT(Scope.NODE),
    /** New connections are refused; those that exist go on. */
    REFUSE(Scope.NODE),
    /** Another client comes, which asks for the node's state and stays. */
    RIVAL(Scope.NODE),
    /** Another client comes, and comes again whenever it has lost its connection. */
    DUEL(Scope.NODE);

    private final Scope scope;

    private enum Scope {
        FRAME,
        CONNECTION,
        NODE
    }

    FaultKind(Scope scope) {
        this.scope = scope;
    }

    /** Whether it happens to single frames. */
    public boolean isOfFrames() {
        return scope == Scope.FRAME;
    }

    /** Whether it happens to one connection, and ends with it. */
    public boolean isOfConnections() {
        return scope == Scope.CONNECTION;
    }

    boolean hasDirection() {
        return isOfFrames() || this == SILENCE;
    }

    boolean takesTime() {
        return this != CLOSE && this != RESET && this != REBOOT;
    }

    /** The name of the time that it cannot do without, other than for how long; empty if there is none. */
    String measure() {
        return this == DELAY ? "by" : this == DUEL ? "every" : "";
    }
}
