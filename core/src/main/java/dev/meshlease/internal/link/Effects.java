package dev.meshlease.internal.link;

import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.FromRadio;
import java.nio.ByteBuffer;

/** What the engine wants done. Called on the loop; none of these calls the engine back from inside. */
public interface Effects {
    /** Look the address up and connect. Answered by {@code unlocated}, {@code opened} or {@code closed}. */
    void connect();

    /** Write a frame. */
    void write(ByteBuffer frame);

    /** End the connection in order; what was written goes out first. Answered by {@code closed}. */
    void hangUp();

    /** End the connection, or the attempt, at once. Answered by {@code closed}. */
    void abort();

    /** The picture changed. */
    void status(LinkStatus status);

    /** A handshake is complete. Comes before the status READY. */
    void ready(NodeSnapshot snapshot);

    /** A packet for whoever wants it. */
    void packet(InboundPacket packet);

    /** From here on packets may be missing, since the link went down. */
    void gap(Cursor cursor);

    /** A message after the handshake, packets included. */
    void message(FromRadio message);

    /** The link has come to rest, or to its end: there is no connection any more. */
    void ended();
}
