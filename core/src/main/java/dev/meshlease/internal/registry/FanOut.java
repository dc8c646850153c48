package dev.meshlease.internal.registry;

import dev.meshlease.LinkStatus;
import dev.meshlease.internal.lease.Sink;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.FromRadio;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what comes from the node to everybody who asked. Loop only. */
final class FanOut {
    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

    private final List<Sink> sinks = new ArrayList<>();

    void attach(Sink sink) {
        sinks.add(sink);
    }

    void detach(Sink sink) {
        sinks.remove(sink);
    }

    // By index, to allocate nothing per packet. A sink that closes its lease in here is detached by a later turn of the
    // loop.

    void packet(InboundPacket packet) {
        for (int i = 0; i < sinks.size(); i++) {
            try {
                sinks.get(i).packet(packet);
            } catch (RuntimeException | Error failure) {
                // A filter nested too deeply for the stack, for instance. That is between it and its holder.
                LOG.error("A subscription failed on a packet; the others get it all the same", failure);
            }
        }
    }

    void gap(Cursor cursor) {
        for (int i = 0; i < sinks.size(); i++) {
            sinks.get(i).gap(cursor);
        }
    }

    void status(LinkStatus status) {
        for (int i = 0; i < sinks.size(); i++) {
            sinks.get(i).status(status);
        }
    }

    void message(FromRadio message) {
        for (int i = 0; i < sinks.size(); i++) {
            sinks.get(i).message(message);
        }
    }
}
