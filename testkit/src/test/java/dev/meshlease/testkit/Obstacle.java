package dev.meshlease.testkit;

import java.util.EnumSet;
import java.util.Set;

/** What stands in the way of whoever closes something. */
enum Obstacle {
    NONE,
    /** The lookup of its address takes for ever. */
    IS_NEVER_FOUND,
    /** Packets to the node vanish, as behind a firewall. */
    NEVER_OPENS,
    /** The node says nothing. */
    SAYS_NOTHING,
    /** The node reads nothing, and all buffers are full. */
    TAKES_NOTHING,
    /** The transport never says that the connection has ended; so does a serial port whose close blocks. */
    NEVER_CLOSES,
    CLOSE_THROWS,
    WRITE_THROWS,
    EVERYTHING_THROWS,
    /** A store does not say whether the link may be had. */
    STORE_NEVER_ANSWERS,
    STORE_NEVER_RELEASES,
    STORE_FAILS_TO_RELEASE,
    /** The user's executor forgets what it is given. */
    EXECUTOR_RUNS_NOTHING,
    EXECUTOR_REJECTS;

    private static final Set<Obstacle> WITHOUT_PACKETS =
            EnumSet.of(IS_NEVER_FOUND, NEVER_OPENS, SAYS_NOTHING, STORE_NEVER_ANSWERS);

    /** Whether the link becomes READY, until somebody closes it. */
    boolean letsPacketsThrough() {
        return !WITHOUT_PACKETS.contains(this);
    }

    boolean isOfTheExecutor() {
        return this == EXECUTOR_RUNS_NOTHING || this == EXECUTOR_REJECTS;
    }

    boolean isOfTheStore() {
        return name().startsWith("STORE_");
    }
}
