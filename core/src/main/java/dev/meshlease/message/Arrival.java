package dev.meshlease.message;

/** What a stream of packets is made of: packets, and the gaps between them. */
public sealed interface Arrival permits InboundPacket, Gap {
    /** Its place in the link's stream; for a gap, the place before which something is missing. */
    Cursor cursor();
}
