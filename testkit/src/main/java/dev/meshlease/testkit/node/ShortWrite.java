package dev.meshlease.testkit.node;

/** What the node does when a connection takes less than a whole frame, because the client does not read. */
public enum ShortWrite {
    /** The rest of the frame is lost, and the stream goes on with the next one: to 2.7.26. Once nothing at all is taken the client is given up. */
    TORN,
    /** The connection is ended: 2.8.0 and 2.8.1. */
    CLOSE,
    /** The rest is kept and written first: builds after 2.8.1. */
    RETAIN
}
