package dev.meshlease.testkit;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One connection in memory: the client's end, which this is, the node's end, and a pipe each way. */
final class MemoryLink implements ByteLink {
    /*
     * The client's end lives on the client's loop, the node's end on the node's; what goes from one to the other goes through a pipe, or
     * at least takes as long (`opened`, and room in the window). Each end closes once, by itself or by what arrives, and tells the other.
     *
     * The node's answer to a connect is sent before the node is told of it, so `opened` comes before any byte.
     */
    private enum State {
        CONNECTING,
        OPEN,
        /** This side has ended it; `closed` is on its way. */
        CLOSING,
        OVER
    }

    private final MemoryTransport transport;
    private final long latencyNanos;
    private final int windowBytes;
    private final @Nullable Random cuts;
    private final Pipe toNode;
    private final Pipe toClient;

    // The client's end.
    private final Loop loop;
    private final ByteLinkListener events;
    private State state = State.CONNECTING;
    private int underWayBytes;
    private boolean owesWritable;

    // The node's end.
    private @Nullable MemoryNode node;
    private @Nullable ClientSession session;
    private boolean nodeEnded;

    MemoryLink(MemoryTransport transport, Loop loop, ByteLinkListener events) {
        this.transport = transport;
        this.loop = loop;
        this.events = events;
        latencyNanos = transport.latencyNanos();
        windowBytes = transport.windowBytes();
        cuts = transport.cuts();
        toNode = new Pipe(transport.timeline(), latencyNanos, cuts, this::onNode, this::readByNode);
        toClient = new Pipe(transport.timeline(), latencyNanos, cuts, this::onLoop, this::readByClient);
        requireLoop();
    }

    void connect(String name) {
        later(() -> {
            node = transport.node(name);
            if (node == null) {
                nodeEnded = true;
                toClient.end(() -> over(Loss.of(Loss.Kind.REFUSED, "no simulated node at sim://" + name)));
            } else {
                later(() -> onLoop(this::opened));
                onNode(this::accept);
            }
        });
    }

    @Override
    public int write(ByteBuffer bytes) {
        requireLoop();
        int wanted = bytes.remaining();
        int taken = state == State.OPEN ? cut(Math.min(wanted, windowBytes - underWayBytes)) : 0;
        if (taken > 0) {
            byte[] copy = new byte[taken];
            bytes.get(copy);
            underWayBytes += taken;
            toNode.send(copy);
        }
        owesWritable |= taken < wanted;
        return taken;
    }

    /** Every eighth write is taken in part if there are cuts at all; never nothing of it, so that there is room to be told of later. */
    private int cut(int bytes) {
        return cuts != null && bytes > 1 && cuts.nextInt(8) == 0 ? 1 + cuts.nextInt(bytes) : bytes;
    }

    @Override
    public void close() {
        requireLoop();
        if (state == State.CONNECTING || state == State.OPEN) {
            toNode.end(this::endedByClient);
            closing("closed by this side");
        }
    }

    @Override
    public void abort() {
        requireLoop();
        if (state != State.OVER) {
            toNode.reset(this::endedByClient);
            closing("aborted by this side");
        }
    }

    private void closing(String detail) {
        state = State.CLOSING;
        onLoop(() -> over(Loss.of(Loss.Kind.CLOSED, detail)));
    }

    private void opened() {
        if (state == State.CONNECTING) {
            state = State.OPEN;
            events.opened();
            writable();
        }
    }

    private void readByClient(byte[] bytes) {
        if (state != State.OVER) {
            events.received(ByteBuffer.wrap(bytes));
        }
    }

    private void acknowledged(int bytes) {
        underWayBytes -= bytes;
        writable();
    }

    private void writable() {
        if (state == State.OPEN && owesWritable) {
            owesWritable = false;
            events.writable();
        }
    }

    private void over(Loss loss) {
        if (state != State.OVER) {
            state = State.OVER;
            toClient.discard();
            events.closed(loss);
        }
    }

    private void accept() {
        MemoryNode here = node;
        if (here != null) {
            session = here.accept(new NodeEnd(here), toNode);
        }
    }

    private void readByNode(byte[] bytes) {
        if (session != null && !nodeEnded) {
            session.received(bytes, 0, bytes.length);
        }
        int count = bytes.length;
        later(() -> onLoop(() -> acknowledged(count)));
    }

    private void endedByClient() {
        if (node != null && session != null && !nodeEnded) {
            nodeEnded = true;
            node.forget(toNode);
            session.ended();
        }
    }

    private final class NodeEnd implements ClientWire {
        private final MemoryNode here;

        NodeEnd(MemoryNode here) {
            this.here = here;
        }

        @Override
        public int write(byte[] bytes, int offset, int length) {
            if (!nodeEnded) {
                toClient.send(Arrays.copyOfRange(bytes, offset, offset + length));
            }
            return length;
        }

        @Override
        public void vanish() {
            nodeEnded = true;
            here.forget(toNode);
            toNode.discard();
        }

        @Override
        public void pause(boolean paused) {
            toNode.hold(paused);
        }

        @Override
        public void close(boolean reset) {
            if (!nodeEnded) {
                nodeEnded = true;
                here.forget(toNode);
                toNode.discard();
                toClient.end(() -> over(
                        reset
                                ? Loss.of(Loss.Kind.RESET, "reset by the simulated node")
                                : Loss.of(Loss.Kind.END_OF_STREAM, "closed by the simulated node")));
            }
        }
    }

    private void later(Runnable arrival) {
        transport.timeline().schedule(latencyNanos, null, arrival);
    }

    private void onNode(Runnable task) {
        if (node != null) {
            node.loop().execute(task);
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended with the connection open: there is nobody left to tell, and the node sees a client
            // that is gone.
            toNode.reset(this::endedByClient);
        }
    }

    private void requireLoop() {
        if (!loop.isOwner()) {
            throw new IllegalStateException("A ByteLink is used on its loop only; call loop.execute(...) first.");
        }
    }
}
