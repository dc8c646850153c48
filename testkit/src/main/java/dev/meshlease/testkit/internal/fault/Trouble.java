package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.fault.Receiver;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node's faults do to one connection. On the node's thread. */
final class Trouble implements Passage.Judge {
    private final Faults faults;
    private final NodeHost host;
    private final FaultyLine line;
    private final List<Watch> watches = new ArrayList<>();

    Trouble(Faults faults, NodeHost host, FaultyLine line) {
        this.faults = faults;
        this.host = host;
        this.line = line;
    }

    /** One more fault has an eye on the connection. */
    void watch(ActiveFault active) {
        Watch watch = new Watch(active);
        watches.add(watch);
        if (watch.isImmediate()) {
            if (active.fault().kind().isOfConnections()) {
                strikeIfFree(active);
            } else {
                host.execute(() -> strikeIfFree(active)); // once a rival that this connection evicts is gone
            }
        }
    }

    private void strikeIfFree(ActiveFault active) {
        if (!line.isOver() && !active.isInEffect(placeOf(active)) && active.strikesNow()) {
            strike(active);
        }
    }

    /** Where a fault takes effect: here, or everywhere. */
    private Object placeOf(ActiveFault active) {
        return active.fault().kind().isOfConnections() ? line : active;
    }

    /** A fault is over. */
    void forget(ActiveFault active) {
        if (watches.removeIf(watch -> watch.active().equals(active)) && watches.isEmpty() && !line.isOver()) {
            line.toClient().release();
            line.toNode().release();
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
                    faults.note(active, line);
                    parcel.suffer(fault, active.random());
                    active.settle();
                } else {
                    strike(active);
                }
            }
            if (line.isOver()) {
                return null;
            }
        }
        return parcel.isLost() ? null : parcel;
    }

    private void strike(ActiveFault active) {
        faults.note(active, line);
        switch (active.fault().kind()) {
            case SILENCE -> silence(active);
            case STALL_READING -> stall(active, line.toNode());
            case STALL_WRITING -> stall(active, line.toClient());
            case CLOSE -> line.cut(false);
            case RESET -> line.cut(true);
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
            silent.add(line.toClient());
        }
        if (active.fault().to() != Receiver.CLIENT) {
            silent.add(line.toNode());
        }
        silent.forEach(passage -> passage.silence(true));
        active.begin(line, () -> silent.forEach(passage -> passage.silence(false)));
    }

    private void mute(boolean mute) {
        line.toClient().silence(mute);
        line.toNode().silence(mute);
    }

    private void stall(ActiveFault active, Passage passage) {
        passage.lane().hold(true);
        line.pauseOrNot();
        active.begin(line, () -> {
            passage.lane().hold(false);
            line.pauseOrNot();
        });
    }
}
