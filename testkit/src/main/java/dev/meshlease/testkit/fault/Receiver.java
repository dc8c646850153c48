package dev.meshlease.testkit.fault;

/** Whom a frame is for. */
public enum Receiver {
    /** What the node writes. */
    CLIENT,
    /** What the client writes. */
    NODE
}
