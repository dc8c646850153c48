package dev.meshlease.internal.link;

import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.MyNodeInfo;
import java.util.Optional;

/** Whom the engine tells. Called on the loop; none of these calls the engine back from inside. */
public interface Audience {
    /** The picture changed. */
    void status(LinkStatus status);

    /** The same picture with newer numbers: for those who ask, not for those who watch. */
    void progress(LinkStatus status);

    /**
     * The node at the other end has told who it is, early in a handshake.
     *
     * @return why this link must not talk to it
     */
    Optional<String> identified(MyNodeInfo node);

    /** A handshake is complete. Comes before the status READY. */
    void ready(NodeSnapshot snapshot);

    /** A packet for whoever wants it. */
    void packet(InboundPacket packet);

    /** A packet that a lease has sent: it is being written for the first time. */
    void sent(InboundPacket packet, long lease);

    /** From here on packets may be missing, since the link went down. */
    void gap(Cursor cursor);

    /** Whether anybody wants to know of {@link #message}. */
    boolean hasMessageWatch();

    /** A message after the handshake; packets too, if anybody wants to know. */
    void message(FromRadio message);

    /** What a serial console printed between its messages, a line at a time, and what the node logged before the handshake was complete. */
    void printed(LogRecord line);

    /** The link has come to rest, or to its end: there is no connection any more. */
    void ended();
}
