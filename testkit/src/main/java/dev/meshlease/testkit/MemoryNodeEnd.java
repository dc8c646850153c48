package dev.meshlease.testkit;

import dev.meshlease.spi.Loss;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The node's end of a connection in memory. On the node's loop. */
final class MemoryNodeEnd implements ClientWire, Pipe.Reader {
    /** How long a connection that the node has forgotten is kept for a client that says nothing. */
    private static final Duration MEMORY_OF_A_GHOST = Duration.ofMinutes(1);

    private final Timeline timeline;
    private final long latencyNanos;
    private final MemoryLink client;
    private final Pipe fromClient;
    private final Pipe toClient;

    private @Nullable MemoryNode node;
    private @Nullable ClientSession session;
    private boolean broken;
    private boolean over;
    private boolean ghost;
    private boolean paused;
    private int underWayBytes;
    private boolean owesWritable;

    MemoryNodeEnd(Timeline timeline, long latencyNanos, @Nullable Random cuts, MemoryLink client, Pipe toClient) {
        this.timeline = timeline;
        this.latencyNanos = latencyNanos;
        this.client = client;
        this.toClient = toClient;
        fromClient = new Pipe(timeline, latencyNanos, cuts, this::onLoop, this);
        fromClient.hold(true);
    }

    Pipe fromClient() {
        return fromClient;
    }

    /** Is established; the node will accept it soon. */
    void enters(MemoryNode node) {
        this.node = node;
        node.enter(this);
    }

    void accepted() {
        MemoryNode here = node;
        if (here == null || over) {
            return;
        }
        ClientSession accepting = here.connected(this);
        session = accepting;
        readOrNot();
        if (broken) {
            here.forget(this);
            accepting.broken();
        }
    }

    /** Has the pipe follow whether the node reads. */
    void readOrNot() {
        if (node != null) {
            fromClient.hold(session == null || paused || node.isStalled() || (ghost && node.isRefusing()));
        }
    }

    @Override
    public void read(byte[] bytes) {
        if (ghost) {
            reset();
            return;
        }
        if (session != null && !over) {
            session.received(bytes, 0, bytes.length);
        }
        int count = bytes.length;
        later(() -> client.acknowledged(count));
    }

    @Override
    public void unwanted() {
        // the client has been told, or will be
    }

    /** The client closed its end. */
    void endedByClient() {
        if (ghost) {
            reset();
        } else if (session != null && !over && !broken) {
            session.ended();
        }
    }

    /** The client aborted its end, or sent back what was written to it after it had left. */
    void brokenByClient() {
        if (broken || over) {
            return;
        }
        broken = true;
        fromClient.discard();
        if (session != null && node != null) {
            node.forget(this);
            session.broken();
        }
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
        if (over || broken || node == null) {
            return length;
        }
        int taken = Math.min(length, node.sendBuffer() - underWayBytes);
        if (taken > 0) {
            underWayBytes += taken;
            toClient.send(Arrays.copyOfRange(bytes, offset, offset + taken));
        }
        owesWritable |= taken < length;
        return Math.max(taken, 0);
    }

    /** The client has read so many bytes. */
    void acknowledged(int bytes) {
        underWayBytes -= bytes;
        if (owesWritable && session != null && !over && !broken) {
            owesWritable = false;
            session.writable();
        }
    }

    @Override
    public void pause(boolean paused) {
        this.paused = paused;
        readOrNot();
    }

    @Override
    public void close(boolean reset) {
        if (!over) {
            over = true;
            fromClient.discard();
            if (node != null) {
                node.forget(this);
            }
            client.endedByNode(
                    reset
                            ? Loss.of(Loss.Kind.RESET, "reset by the simulated node")
                            : Loss.of(Loss.Kind.END_OF_STREAM, "closed by the simulated node"));
        }
    }

    @Override
    public void vanish() {
        if (!over) {
            over = true;
            ghost = true;
            readOrNot();
            timeline.schedule(MEMORY_OF_A_GHOST.toNanos(), null, () -> onLoop(this::reset));
        }
    }

    /** The node is back, and does not know the connection any more. */
    private void reset() {
        if (ghost) {
            ghost = false;
            over = false;
            close(true);
        }
    }

    private void later(Runnable arrival) {
        timeline.schedule(latencyNanos, null, arrival);
    }

    private void onLoop(Runnable task) {
        if (node != null) {
            node.loop().execute(task);
        }
    }

    /** Runs a task at the node's end after the way there. From anywhere on the timeline. */
    void afterTheWay(Runnable task) {
        later(() -> onLoop(task));
    }
}
