package dev.meshlease.testkit.node;

/** How the node ends a client's connection. */
public enum SessionEnd {
    /** In order (FIN), unless the client has sent what the node has not read: then by reset (RST). What TCP stacks do. */
    BY_UNREAD,
    /** Always in order: the W5100S chip. */
    FIN,
    /** Always by reset. */
    RST
}
