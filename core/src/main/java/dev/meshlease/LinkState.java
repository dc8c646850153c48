package dev.meshlease;

/**
 * Where a link is in its life.
 *
 * <pre>
 * IDLE ──first lease──► CONNECTING ──opened──► HANDSHAKING ──config complete──► READY
 *   ▲                     ▲     │ fail             │ timeout / EOF                 │ lost
 *   │ last lease gone     │     ▼                  ▼                              ▼
 *   └──── + linger ───── BACKING_OFF ◄─────────────┴──────────────────────────────┘
 *            close() from anywhere, or a duplicate found later ──► CLOSED (the status says with what)
 * </pre>
 *
 * <p>A first lease that comes while a wait that was begun before is not over waits it out: IDLE goes to BACKING_OFF then. On a serial
 * console the session may be lost and the connection sound: then READY goes back to HANDSHAKING, with a new generation.
 */
public enum LinkState {
    /** Declared, without leases: no connection. */
    IDLE,
    /** Looking the address up and connecting. */
    CONNECTING,
    /** Connected; the node is telling its configuration. Nothing is sent yet. */
    HANDSHAKING,
    /** In order: packets flow. */
    READY,
    /** Waiting before the next attempt. */
    BACKING_OFF,
    /** Over for good. */
    CLOSED
}
