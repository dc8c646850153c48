package dev.meshlease.internal.lease;

import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;

/** How far a subscription has come that goes on behind a place of the past. Guarded by the {@link History}'s monitor, but for {@link #liveAfter}. */
final class Replay {
    /** Which packets it wants, by what they are and which lease sent them. */
    interface Taste {
        boolean wants(InboundPacket packet, long sender);
    }

    private final Taste taste;
    long position;
    long lossTold = -1;
    boolean owesLoss;

    private volatile long liveAfter = Long.MAX_VALUE;

    Replay(Taste taste, Cursor after) {
        this.taste = taste;
        this.position = after.position();
    }

    boolean wants(InboundPacket packet, long sender) {
        return taste.wants(packet, sender);
    }

    /** What comes from now on is no longer its affair. */
    void catchesUp() {
        liveAfter = position;
    }

    boolean isOver() {
        return liveAfter != Long.MAX_VALUE;
    }

    /** The last position that was or will be told by the replay. */
    long liveAfter() {
        return liveAfter;
    }

    /** Whether it has told, or will tell, that the link went down here. */
    boolean tellsLoss(Cursor at) {
        return !isOver() || (at.position() == liveAfter && at.position() == lossTold);
    }
}
