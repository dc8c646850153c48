package dev.meshlease.internal.link;

import dev.meshlease.Exclusive.Right;
import dev.meshlease.NodeSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * One lease's turn at a right: asked for, had, over.
 *
 * <p><b>Threading:</b> the loop only.
 */
public abstract class Tenure {
    /** Why it does not come about. */
    public enum Refusal {
        /** Its deadline passed. */
        DEADLINE,
        /** The link is down, and it may not wait. */
        LINK_DOWN,
        /** The link is closed for good. */
        LINK_CLOSED,
        /** Its lease is closed. */
        LEASE_CLOSED,
        /** The node did not begin the edit. */
        NOT_BEGUN
    }

    private final Right right;
    private final long lease;
    private final String holder;
    private final long deadlineNanos;
    private final List<Shipment> changes = new ArrayList<>();

    protected Tenure(Right right, long lease, String holder, long deadlineNanos) {
        this.right = right;
        this.lease = lease;
        this.holder = holder;
        this.deadlineNanos = deadlineNanos;
    }

    /** The question that opens an edit of the settings, for the node. */
    protected abstract Shipment begin(NodeSnapshot node);

    /** It is its turn. Returns false if nobody waits for it any more. */
    protected abstract boolean granted();

    /**
     * It does not come about. Does nothing if nobody waits for it any more.
     *
     * @param holder who has the right, in words
     */
    protected abstract void refused(Refusal why, String holder);

    final Right right() {
        return right;
    }

    protected final long deadlineNanos() {
        return deadlineNanos;
    }

    final long lease() {
        return lease;
    }

    /** What was applied to its edit, and may not have ended. */
    final List<Shipment> changes() {
        return changes;
    }

    @Override
    public final String toString() {
        return "'" + holder + "'";
    }
}
