package dev.meshlease.testkit.node;

/** What the client of a node sees when it restarts. */
public enum RebootStyle {
    /** Nothing; what it sends afterwards is answered by a reset, once the node is back: ESP32 and nRF52. */
    SILENT,
    /** The end of its connection (FIN): native builds. */
    CLEAN
}
