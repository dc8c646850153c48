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
