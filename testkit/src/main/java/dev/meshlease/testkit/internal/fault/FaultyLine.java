package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.fault.Receiver;
import dev.meshlease.testkit.internal.firmware.ClientSession;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.Line;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection as its faults leave it. On the node's thread. */
final class FaultyLine implements Line, Passage.Judge {
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
    private final List<Watch> watches = new ArrayList<>();
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
        toClient = new Passage(Receiver.CLIENT, new Lane(host, this::leavesForClient), this);
        toNode = new Passage(Receiver.NODE, new Lane(host, this::leavesForNode), this);
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

    // Faults

    void watch(Watch watch) {
        watches.add(watch);
        if (watch.isImmediate()) {
            ActiveFault active = watch.active();
            if (active.fault().kind().isOfConnections()) {
                strikeIfFree(active);
            } else {
                host.execute(() -> strikeIfFree(active)); // once a rival that this connection evicts is gone
            }
        }
    }

    private void strikeIfFree(ActiveFault active) {
        if (!over && !closing && !active.isInEffect(placeOf(active)) && active.strikesNow()) {
            strike(active);
        }
    }

    /** Where a fault takes effect: here, or everywhere. */
    private Object placeOf(ActiveFault active) {
        return active.fault().kind().isOfConnections() ? this : active;
    }

    /** A fault is over. */
    void forget(ActiveFault active) {
        if (watches.removeIf(watch -> watch.active().equals(active)) && watches.isEmpty() && !over) {
            toClient.release();
            toNode.release();
        }
    }

    @Override
    public boolean isWatching() {
        return !watches.isEmpty();
    }

    @Override
    public @Nullable Parcel judge(Receiver to, byte[] frame) {
        Point point = watches.stream().anyMatch(Watch::needsPoint) ? Points.of(to, frame) : null;
        Parcel parcel = new Parcel(frame);
        for (Watch watch : List.copyOf(watches)) {
            ActiveFault active = watch.active();
            Fault fault = active.fault();
            if (watch.strikes(to, point, placeOf(active))) {
                if (fault.kind().isOfFrames()) {
                    faults.note(active, this);
                    parcel.suffer(fault, active.random());
                    active.settle();
                } else {
                    strike(active);
                }
            }
            if (parcel.isLost() || over || closing) {
                return null;
            }
        }
        return parcel;
    }

    private void strike(ActiveFault active) {
        faults.note(active, this);
        switch (active.fault().kind()) {
            case SILENCE -> silence(active);
            case STALL_READING -> stall(active, toNode);
            case STALL_WRITING -> stall(active, toClient);
            case CLOSE -> cut(false);
            case RESET -> cut(true);
            case REBOOT -> {
                mute(true);
                faults.reboot(() -> mute(false));
            }
            default -> faults.strike(active);
        }
        active.settle();
    }

    private void silence(ActiveFault active) {
        List<Passage> silent = new ArrayList<>();
        if (active.fault().to() != Receiver.NODE) {
            silent.add(toClient);
        }
        if (active.fault().to() != Receiver.CLIENT) {
            silent.add(toNode);
        }
        silent.forEach(passage -> passage.silence(true));
        active.begin(this, () -> silent.forEach(passage -> passage.silence(false)));
    }

    private void mute(boolean mute) {
        toClient.silence(mute);
        toNode.silence(mute);
    }

    private void stall(ActiveFault active, Passage passage) {
        passage.lane().hold(true);
        pauseOrNot();
        active.begin(this, () -> {
            passage.lane().hold(false);
            pauseOrNot();
        });
    }

    private void cut(boolean reset) {
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
        if (over || closing) {
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
        if (owesWritable && !isFull() && !over && !closing && session != null) {
            owesWritable = false;
            session.writable();
        }
    }

    @Override
    public void writable() {
        toClient.lane().drain();
        if (!over && !closing && !isFull() && session != null) {
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

    private void pauseOrNot() {
        Lane lane = toNode.lane();
        boolean pause = pausedBySession || lane.isHeld() || lane.size() >= UNREAD_BYTES;
        if (pause != paused && !over && !closing) {
            paused = pause;
            wire.pause(pause);
        }
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        if (over || closing || session == null) {
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
        if (!over && !closing && session != null) {
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
