package dev.meshlease.message;

import java.util.concurrent.Executor;

/**
 * What a holder wants to see, and how it is kept until the holder has looked. A bare {@link PacketFilter} is a feed that inherits the
 * rest from its lease.
 *
 * <p><b>Threading:</b> immutable.
 */
public sealed interface Feed permits PacketFilter, TunedFeed {
    /** Which packets. */
    PacketFilter filter();

    /**
     * With room for this many unread packets, and this policy beyond.
     *
     * @param packets 1 to 1,000,000
     */
    default TunedFeed capacity(int packets, Overflow policy) {
        return TunedFeed.of(this).capacity(packets, policy);
    }

    /**
     * Goes on behind this place instead of beginning now: first with what the link has kept ({@link
     * dev.meshlease.LinkOptionsBuilder#history}), read at the holder's pace and so not limited by the inbox, then with what comes. Nothing is
     * missing or told twice in between. What the link does not have any more is told as a {@link Gap} with its number; where the link was
     * down there is a {@link Gap} too, also if that was at this very place.
     *
     * @param position from {@link Arrival#cursor()}, {@link dev.meshlease.Subscription#cursor()} or {@link
     *     dev.meshlease.NodeSnapshot#cursor()}. Another link's is refused by the lease with an {@link IllegalArgumentException}; a link that
     *     has ended and is opened anew is another one
     */
    default TunedFeed after(Cursor position) {
        return TunedFeed.of(this).after(position);
    }

    /**
     * Also shows what other leases of the link send, as if heard from the node: with the node's own number as the sender, and {@link
     * Reception#isFromSibling()}. It is shown when it is written to the node, once, however often it has to be said. Not what the lease
     * itself sends.
     */
    default TunedFeed withSiblings() {
        return TunedFeed.of(this).withSiblings();
    }

    /**
     * Runs this feed's listener on an executor of its own, so that it does not wait for the lease's other callbacks. Not for an inbox, which
     * runs nothing.
     *
     * @param executor used, never closed. What it rejects is lost for this feed, and counted
     */
    default TunedFeed on(Executor executor) {
        return TunedFeed.of(this).on(executor);
    }

    /**
     * Runs the listener on the library's own thread, as soon as a packet is read, without an inbox: for trusted code that is quick and never
     * blocks, since all links and leases of the registry wait for it. Every wait of the library throws an {@link IllegalStateException} in
     * there. Only for {@link dev.meshlease.Lease#subscribe}.
     */
    default TunedFeed inline() {
        return TunedFeed.of(this).inline();
    }
}
