package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.FaultKind;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.fault.Receiver;
import org.jspecify.annotations.Nullable;

/** A fault waiting for its moment on one connection. On the node's thread. */
final class Watch {
    private final ActiveFault active;
    private int passed;

    Watch(ActiveFault active) {
        this.active = active;
    }

    ActiveFault active() {
        return active;
    }

    boolean needsPoint() {
        return active.fault().at() != null;
    }

    /** Whether it strikes as soon as there is a connection. */
    boolean isImmediate() {
        Fault fault = active.fault();
        boolean waits = fault.kind().isOfFrames() || fault.at() != null || fault.after() > 0;
        return !waits && (fault.kind() != FaultKind.REFUSE || fault.connection() > 0);
    }

    /**
     * Whether it strikes at a frame.
     *
     * @param where what it must not be at work on already
     */
    boolean strikes(Receiver to, @Nullable Point point, Object where) {
        if (isImmediate() || !concerns(to, point) || passed++ < active.fault().after()) {
            return false;
        }
        return !active.isInEffect(where) && active.strikesNow();
    }

    private boolean concerns(Receiver to, @Nullable Point point) {
        Fault fault = active.fault();
        if (fault.at() == null && !fault.kind().isOfFrames()) {
            return to == Receiver.CLIENT && fault.after() > 0;
        }
        return (fault.at() == null || fault.at() == point) && (fault.to() == null || fault.to() == to);
    }
}
