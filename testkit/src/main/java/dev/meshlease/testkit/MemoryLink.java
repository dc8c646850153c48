package dev.meshlease.testkit;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One connection in memory: the client's end. */
final class MemoryLink implements ByteLink, Pipe.Reader {
    /*
     * The client's end lives on the client's loop, the node's end on the node's; what goes from one to the other goes through a pipe, or
     * at least takes as long (`opened`, and room in a window). Each end closes once, by itself or by what arrives, and tells the other.
     *
     * The node's answer to a connect is sent before the node is told of it, so `opened` comes before any byte. A node that has no room for
     * one more connection says nothing, and the connect is tried again, as TCP does it: after 1 s, 2 s, 4 s, …
     */
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

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
    private final Pipe toClient;
    private final MemoryNodeEnd nodeEnd;
    private final Pipe toNode;
    private final Loop loop;
    private final ByteLinkListener events;
    private State state = State.CONNECTING;
    private int underWayBytes;
    private boolean owesWritable;

    MemoryLink(MemoryTransport transport, Loop loop, ByteLinkListener events) {
        this.transport = transport;
        this.loop = loop;
        this.events = events;
        latencyNanos = transport.latencyNanos();
        windowBytes = transport.windowBytes();
        cuts = transport.cuts();
        toClient = new Pipe(transport.timeline(), latencyNanos, cuts, this::onLoop, this);
        nodeEnd = new MemoryNodeEnd(transport.timeline(), latencyNanos, cuts, this, toClient);
        toNode = nodeEnd.fromClient();
        requireLoop();
    }

    void connect(String name) {
        later(() -> arrive(name, FIRST_RETRY));
    }

    private void arrive(String name, Duration retry) {
        MemoryNode node = transport.node(name);
        if (node == null) {
            refused(name);
        } else {
            node.loop().execute(() -> arriveAt(node, name, retry));
        }
    }

    private void arriveAt(MemoryNode node, String name, Duration retry) {
        if (node.isRefusing()) {
            refused(name);
        } else if (!node.isFull()) {
            later(() -> onLoop(this::opened));
            nodeEnd.enters(node);
        } else {
            transport.timeline().schedule(retry.toNanos(), null, () -> tryAgain(name, retry));
        }
    }

    private void tryAgain(String name, Duration waited) {
        if (state == State.CONNECTING) {
            arrive(name, waited.multipliedBy(2));
        }
    }

    private void refused(String name) {
        endedByNode(Loss.of(Loss.Kind.REFUSED, "no simulated node at sim://" + name));
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
            toNode.end(nodeEnd::endedByClient);
            closing("closed by this side");
        }
    }

    @Override
    public void abort() {
        requireLoop();
        if (state != State.OVER) {
            toNode.reset(nodeEnd::brokenByClient);
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

    @Override
    public void read(byte[] bytes) {
        if (state != State.OVER) {
            int count = bytes.length;
            nodeEnd.afterTheWay(() -> nodeEnd.acknowledged(count));
            events.received(ByteBuffer.wrap(bytes));
        }
    }

    @Override
    public void unwanted() {
        nodeEnd.afterTheWay(nodeEnd::brokenByClient);
    }

    /** The node has read so many bytes. */
    void acknowledged(int bytes) {
        onLoop(() -> {
            underWayBytes -= bytes;
            writable();
        });
    }

    private void writable() {
        if (state == State.OPEN && owesWritable) {
            owesWritable = false;
            events.writable();
        }
    }

    /** The node has ended the connection, or refused it. From anywhere on the timeline. */
    void endedByNode(Loss loss) {
        toClient.end(() -> over(loss));
    }

    private void over(Loss loss) {
        if (state != State.OVER) {
            state = State.OVER;
            toClient.discard();
            events.closed(loss);
        }
    }

    private void later(Runnable arrival) {
        transport.timeline().schedule(latencyNanos, null, arrival);
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended with the connection open: there is nobody left to tell, and the node sees a client
            // that is gone.
            toNode.reset(nodeEnd::brokenByClient);
        }
    }

    private void requireLoop() {
        if (!loop.isOwner()) {
            throw new IllegalStateException("A ByteLink is used on its loop only; call loop.execute(...) first.");
        }
    }
}
