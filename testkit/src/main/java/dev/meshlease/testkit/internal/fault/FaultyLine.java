package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.fault.Receiver;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.Line;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection as its faults leave it. On the node's thread. */
final class FaultyLine implements Line {
    /*
     * While nothing is wrong bytes pass by (`Passage.isOpen`). Else they go through a passage, whose lane then stands for the connection:
     * it takes as much of the node as that would, and so the node notices a stall as it would notice a slow reader.
     *
     * It ends in one of four ways: the session ends it (`close`, `vanish`), the face says it is broken, a fault cuts it. `closing` is an
     * end in order that waits for what is in the lane. Whichever comes first, nothing passes afterwards.
     */
    private static final int UNDER_WAY_BYTES = 256 * 1024;
    private static final int UNREAD_BYTES = 64 * 1024;
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private final Faults faults;
    private final NodeHost host;
    private final String name;
    private final ClientWire wire;
    private final Passage toClient;
    private final Passage toNode;
    private final Trouble trouble;
    private @Nullable ClientSession session;
    private boolean over;
    private boolean closing;
    /** Whether the session knows. */
    private boolean forgotten;

    private boolean wireEnded;
    private boolean owesWritable;
    private boolean pausedBySession;
    private boolean paused;

    FaultyLine(Faults faults, NodeHost host, String name, ClientWire wire) {
        this.faults = faults;
        this.host = host;
        this.name = name;
        this.wire = wire;
        trouble = new Trouble(faults, host, this);
        toClient = new Passage(Receiver.CLIENT, new Lane(host, this::leavesForClient), trouble);
        toNode = new Passage(Receiver.NODE, new Lane(host, this::leavesForNode), trouble);
    }

    @Override
    public void leadsTo(ClientSession session) {
        this.session = session;
        faults.entered(this);
    }

    @Override
    public String toString() {
        return name;
    }

    void watch(ActiveFault active) {
        trouble.watch(active);
    }

    void forget(ActiveFault active) {
        trouble.forget(active);
    }

    Passage toClient() {
        return toClient;
    }

    Passage toNode() {
        return toNode;
    }

    /** Whether nothing passes any more. */
    boolean isOver() {
        return over || closing;
    }

    /** Ends it as far as both sides can tell. */
    void cut(boolean reset) {
        host.execute(this::tellSession);
        end(reset);
    }

    private void tellSession() {
        if (!forgotten && session != null) {
            forgotten = true;
            session.broken();
        }
    }

    /** Lets all pass that is still under way. */
    void hurry() {
        toClient.lane().hurry();
        toNode.lane().hurry();
    }

    // To the client

    @Override
    public int write(byte[] bytes, int offset, int length) {
        if (isOver()) {
            return length;
        }
        if (toClient.isOpen()) {
            int taken = wire.write(bytes, offset, length);
            toClient.follow(bytes, offset, taken);
            return taken;
        }
        if (isFull()) {
            owesWritable = true;
            return 0;
        }
        toClient.take(bytes, offset, length);
        return length;
    }

    private boolean isFull() {
        Lane lane = toClient.lane();
        return lane.size() >= (lane.isHeld() ? faults.sendBuffer() : UNDER_WAY_BYTES);
    }

    private int leavesForClient(byte[] bytes, int offset, int length) {
        if (owesWritable) {
            host.execute(this::letWrite);
        }
        return over ? length : wire.write(bytes, offset, length);
    }

    private void letWrite() {
        if (owesWritable && !isFull() && !isOver() && session != null) {
            owesWritable = false;
            session.writable();
        }
    }

    @Override
    public void writable() {
        toClient.lane().drain();
        if (!isOver() && !isFull() && session != null) {
            owesWritable = false;
            session.writable();
        }
    }

    @Override
    public void close(boolean reset) {
        forgotten = true;
        if (over) {
            endWire(reset); // after a client that has gone by itself
        } else {
            end(reset);
        }
    }

    private void end(boolean reset) {
        if (over || (closing && !reset)) {
            return;
        }
        closing = true;
        if (reset) {
            finish(true);
            return;
        }
        toClient.release();
        toClient.lane().end(() -> finish(false));
        if (!over) {
            host.schedule(LONGEST_END.toNanos(), () -> finish(true));
        }
    }

    private void finish(boolean reset) {
        if (!over) {
            over();
            endWire(reset);
        }
    }

    private void endWire(boolean reset) {
        if (!wireEnded) {
            wireEnded = true;
            wire.close(reset);
        }
    }

    private void over() {
        over = true;
        toClient.lane().discard();
        toNode.lane().discard();
        faults.left(this);
    }

    @Override
    public void vanish() {
        forgotten = true;
        if (!over) {
            over();
            wireEnded = true;
            wire.vanish();
        }
    }

    @Override
    public boolean isRival() {
        return wire.isRival();
    }

    // To the node

    @Override
    public void pause(boolean pause) {
        pausedBySession = pause;
        pauseOrNot();
    }

    /** Has the wire follow whether there is a reason not to read. */
    void pauseOrNot() {
        Lane lane = toNode.lane();
        boolean pause = pausedBySession || lane.isHeld() || lane.size() >= UNREAD_BYTES;
        if (pause != paused && !isOver()) {
            paused = pause;
            wire.pause(pause);
        }
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        if (isOver() || session == null) {
            return;
        }
        if (toNode.isOpen()) {
            toNode.follow(bytes, offset, length);
            session.received(bytes, offset, length);
        } else {
            toNode.take(bytes, offset, length);
            pauseOrNot();
        }
    }

    private int leavesForNode(byte[] bytes, int offset, int length) {
        if (!isOver() && session != null) {
            session.received(bytes, offset, length);
            host.execute(this::pauseOrNot);
        }
        return length;
    }

    @Override
    public void ended() {
        toNode.release();
        toNode.lane().end(() -> {
            if (!closing && session != null) {
                session.ended();
            }
        });
    }

    @Override
    public void broken() {
        if (!over) {
            over();
            tellSession();
        }
    }
}
