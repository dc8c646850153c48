package dev.meshlease.internal.registry;

import dev.meshlease.LinkStatus;
import dev.meshlease.internal.lease.Batch;
import dev.meshlease.internal.lease.History;
import dev.meshlease.internal.lease.PacketSink;
import dev.meshlease.internal.lease.Sink;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.NodeInfo;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what comes from the node to everybody who asked; that on the loop only.
 *
 * <p>Packets are kept first and handed out at the end of the turn, all that one read has brought together. Who attaches does so on its own
 * thread and at once: what the node is made to send after a subscription was opened must find it, and a task for the loop might run behind
 * the read of it.
 */
final class FanOut {
    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

    private final History history;
    private final Dispatcher dispatcher;
    private final Batch batch = new Batch();
    private boolean flushing;
    private final List<PacketSink> packetSinks = new CopyOnWriteArrayList<>();
    private final List<Sink> sinks = new CopyOnWriteArrayList<>();

    FanOut(History history, Dispatcher dispatcher) {
        this.history = history;
        this.dispatcher = dispatcher;
    }

    /** From any thread. */
    History history() {
        return history;
    }

    /** From any thread. */
    void attach(PacketSink sink) {
        packetSinks.add(sink);
    }

    /** From any thread. */
    void detach(PacketSink sink) {
        packetSinks.remove(sink);
    }

    /** From any thread. */
    void attach(Sink sink) {
        sinks.add(sink);
    }

    /** From any thread. */
    void detach(Sink sink) {
        sinks.remove(sink);
    }

    /**
     * One more packet, for {@link #flush}.
     *
     * @param sender the lease that sent it, or {@link Batch#NODE}
     */
    void packet(InboundPacket packet, long sender) {
        history.append(packet, sender);
        if (!batch.add(packet, sender)) {
            flush();
        }
    }

    /** Hands out what has come. */
    void flush() {
        if (!batch.isEmpty() && !flushing) {
            flushing = true; // An inline listener may close its link, which ends in here.
            dispatcher.hold();
            try {
                forEach(sink -> sink.packets(batch));
            } finally {
                dispatcher.release();
                batch.clear();
                flushing = false;
            }
        }
    }

    void gap(Cursor cursor) {
        flush();
        history.wentDown();
        forEach(sink -> sink.gap(cursor));
    }

    private void forEach(Consumer<PacketSink> step) {
        for (PacketSink sink : packetSinks) {
            try {
                step.accept(sink);
            } catch (RuntimeException | Error failure) {
                // A filter nested too deeply for the stack, for instance. That is between it and its holder.
                LOG.error("A subscription failed on a packet; the others get it all the same", failure);
            }
        }
    }

    void status(LinkStatus status) {
        for (Sink sink : sinks) {
            sink.status(status);
        }
    }

    /** Whether anybody wants to know of {@link #node}. */
    boolean hasNodeWatch() {
        if (sinks.isEmpty()) { // As below.
            return false;
        }
        for (Sink sink : sinks) {
            if (sink.watchesNodes()) {
                return true;
            }
        }
        return false;
    }

    void node(NodeInfo node) {
        for (Sink sink : sinks) {
            sink.node(node);
        }
    }

    /** Whether anybody wants to know of {@link #message}. */
    boolean hasMessageWatch() {
        if (sinks.isEmpty()) { // As it mostly is, and this is asked for each packet.
            return false;
        }
        for (Sink sink : sinks) {
            if (sink.watchesMessages()) {
                return true;
            }
        }
        return false;
    }

    void message(FromRadio message) {
        for (Sink sink : sinks) {
            sink.message(message);
        }
    }

    void printed(LogRecord line) {
        for (Sink sink : sinks) {
            sink.printed(line);
        }
    }
}
