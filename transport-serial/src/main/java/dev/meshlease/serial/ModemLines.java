package dev.meshlease.serial;

/**
 * What becomes of the modem lines DTR and RTS when a port is opened. On many boards they lead to the chip's reset, on others the node takes
 * them for the sign that somebody listens, so that no setting suits all of them.
 */
public enum ModemLines {
    /**
     * Raises both and leaves them up when the port is closed, as the project's own command line does. A board that resets by them does so at
     * the first opening at the most. For boards whose chip has USB of its own (nRF52, ESP32-S3) the only one that works. The default.
     */
    ASSERT_BOTH,
    /** Lowers both and leaves them so when the port is closed: for boards with a bridge that start anew, or not at all, with them up. */
    CLEAR_BOTH,
    /** Leaves them to the operating system, which on Linux raises them at the opening and lowers them at the closing. */
    LEAVE
}
