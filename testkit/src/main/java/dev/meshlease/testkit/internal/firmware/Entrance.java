package dev.meshlease.testkit.internal.firmware;

/** A way in for clients, as the firmware sees a face. On the node's thread. */
public interface Entrance {
    /** Refuses new connections, or lets them in again. */
    void refuse(boolean refused);
}
