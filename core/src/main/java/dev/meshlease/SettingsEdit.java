package dev.meshlease;

import dev.meshlease.proto.AdminMessage;

/**
 * An edit of the node's settings that is open: see {@link Exclusive#settings()}.
 *
 * <p>The protocol has no way back. An edit that ends without a commit, because it or its lease is closed, or because its holder drops it
 * and it is collected as garbage, is committed by the link, which warns of it in the log: else the node would keep the changes of everybody
 * unsaved. A link that is lost in the middle ends the edit: nobody can say what the node kept, what was not written yet fails with {@code
 * LINK_DOWN}, and the link commits what is left of it once it is back, with that warning. After a commit the next edit, and other leases'
 * changes, wait until the node has restarted, 45 s at the most; so they do for the answer to a commit of the link's own.
 *
 * <p><b>Threading:</b> safe from any thread.
 */
public interface SettingsEdit extends AutoCloseable {
    /**
     * Sends a change to the node. Never blocks. It asks the node for its verdict, so the delivery ends at ACKNOWLEDGED, or with the
     * node's refusal, within {@link dev.meshlease.message.OutboundMessage#DEFAULT_DEADLINE}; FAILED(LINK_DOWN) if the edit is over since the link was lost.
     *
     * @throws IllegalArgumentException if it changes nothing (a question), or begins or ends an edit
     * @throws IllegalStateException if the edit was committed or closed
     * @throws LeaseClosedException if the lease is closed
     * @throws MessageTooLongException if it cannot fit a frame
     */
    Delivery apply(AdminMessage change);

    /**
     * Ends the edit: the node saves, and restarts. What was applied before is sent before.
     *
     * @return ends once the node has confirmed; fails with {@link DeliveryException} if it refused, or if nobody can say whether it did it:
     *     UNKNOWN
     * @throws IllegalStateException if the edit was committed or closed
     * @throws LeaseClosedException if the lease is closed
     */
    Pending<Void> commit();

    /** Ends the edit, if it was not committed, all the same: see above. Idempotent, does not wait. */
    @Override
    void close();
}
