package dev.meshlease.internal.registry;

import dev.meshlease.LinkStatus;
import dev.meshlease.internal.lease.Sink;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.FromRadio;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what comes from the node to everybody who asked; that on the loop only.
 *
 * <p>Who attaches does so on its own thread and at once: what the node is made to send after a subscription was opened must find it, and a
 * task for the loop might run behind the read of it.
 */
final class FanOut {
    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

    private final List<Sink> sinks = new CopyOnWriteArrayList<>();

    /** From any thread. */
    void attach(Sink sink) {
        sinks.add(sink);
    }

    /** From any thread. */
    void detach(Sink sink) {
        sinks.remove(sink);
    }

    void packet(InboundPacket packet) {
        for (Sink sink : sinks) {
            try {
                sink.packet(packet);
            } catch (RuntimeException | Error failure) {
                // A filter nested too deeply for the stack, for instance. That is between it and its holder.
                LOG.error("A subscription failed on a packet; the others get it all the same", failure);
            }
        }
    }

    void gap(Cursor cursor) {
        for (Sink sink : sinks) {
            sink.gap(cursor);
        }
    }

    void status(LinkStatus status) {
        for (Sink sink : sinks) {
            sink.status(status);
        }
    }

    void message(FromRadio message) {
        for (Sink sink : sinks) {
            sink.message(message);
        }
    }
}
