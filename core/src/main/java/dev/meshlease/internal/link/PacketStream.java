package dev.meshlease.internal.link;

import dev.meshlease.message.Cursor;

/** The places in the stream of packets of one link, over all its generations. */
final class PacketStream {
    private final long link;
    private long position;

    PacketStream(long link) {
        this.link = link;
    }

    /** Behind the last packet. */
    Cursor here() {
        return new Cursor(link, position);
    }

    /** The place of one more packet. */
    Cursor next() {
        position++;
        return here();
    }
}
