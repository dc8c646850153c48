package dev.meshlease;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Feed;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PacketListener;
import dev.meshlease.message.Request;
import dev.meshlease.proto.MeshPacket;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A holder's share of a link. It outlives the link's physical connections: after a reconnect it goes on as before.
 *
 * <p>All methods but {@link #close()}, {@link #close(Duration)}, {@link #closed()}, {@link #holder()}, {@link #link()} and
 * {@link #status()} throw {@link LeaseClosedException} once the lease is closed.
 *
 * <p>Close it. One that nobody can reach any more, with nothing open or under way on it, is found by the garbage collector some time: it is
 * reported and given back. Who only keeps a link up keeps the lease in a field, or in a {@code try}.
 *
 * <p><b>Threading:</b> safe from any thread, callbacks included. Nothing here does I/O on the caller's thread.
 */
public interface Lease extends AutoCloseable {
    /** Who has it. */
    String holder();

    /** The link it is a share of. */
    Link link();

    /**
     * Sends a message. Never blocks; the result may be ignored.
     *
     * @return what becomes of it. What node and mesh do shows there: a full outbox, a link that is down, a nak
     * @throws MessageTooLongException if the payload cannot fit a radio frame: 232 bytes of text; 220 in a direct message that the node
     *     encrypts for its destination's key. What the node has not told yet cannot be counted on: a message queued before ends as
     *     {@link DeliveryFailure#TOO_LARGE} then, unwritten
     * @throws IllegalArgumentException if it is a traceroute to everybody by way of others, which nodes drop in silence; or if it begins or
     *     commits an edit of the node's settings, which is for {@link #exclusively}
     * @throws PacketIdInUseException if the packet has an id of its own that is in use on this link, or was lately
     */
    Delivery send(OutboundMessage message);

    /** Sends a packet as it is; see {@link OutboundMessage#of(MeshPacket)}. */
    default Delivery send(MeshPacket packet) {
        return send(OutboundMessage.of(packet));
    }

    /**
     * Asks a node. The answer is matched by its request id; other leases see it as ordinary traffic.
     *
     * @return the answer, or fails with {@link RequestException}
     */
    <R> Pending<R> request(Request<R> request);

    /**
     * Has packets given to a listener, one at a time, in order, on the lease's callback executor or where the feed says. A listener that
     * throws stays; what it throws is logged once.
     *
     * @return open until it, the lease or the link is closed
     */
    Subscription subscribe(Feed feed, PacketListener listener);

    /** Has packets kept for reading at the holder's own pace. */
    Inbox inbox(Feed feed);

    /**
     * Has packets, and the gaps between them, published to whoever subscribes. Each subscriber has an inbox of its own from then on, with the
     * filter and the policy of the feed, and is given as much as it asks for, one at a time, in order, on the lease's callback executor or the
     * feed's own. When the holder closes the lease its subscribers are completed; when the lease ends for another reason they are told that
     * as their error; both is told even though no other callback starts after {@link #close()}. Who subscribes once the lease is closed is
     * told {@link LeaseClosedException}. A subscriber that throws is cancelled, and that is logged.
     *
     * @throws IllegalArgumentException if the feed is {@link Feed#inline() inline}, or goes on behind a place of another link
     */
    Flow.Publisher<Arrival> publisher(Feed feed);

    /** Watches something other than packets, on the lease's callback executor. */
    <T> Subscription watch(Watch<T> what, Consumer<? super T> listener);

    /** How the link is. */
    LinkStatus status();

    /**
     * What the node told in its last handshake.
     *
     * @throws NotReadyException before the first handshake; await {@link #ready()} then
     */
    NodeSnapshot node();

    /** Waits until the link is READY, at once if it is. Fails with what closed the link, {@link DuplicateLinkException} included. */
    Pending<NodeSnapshot> ready();

    /**
     * Asks for something that one lease at a time may do with the node. Leases get their turns in the order in which they ask, while the
     * link is READY. The turn is over when what it came to is closed, when an edit is committed, when the lease or the link is closed, or
     * when the link is lost; but for the role of the MQTT proxy, which outlives connections.
     *
     * <p>An {@code await} that runs out, or is interrupted, gives the turn back, and so does {@code cancel()}: no right is left lying about.
     * Who takes {@code future()} instead has to close what it comes to. What is dropped unclosed is given back when it is collected as
     * garbage, with a warning.
     *
     * @return the turn; fails with {@link RequestException} ({@code TIMEOUT}) if it did not come within the deadline, with {@link
     *     NotReadyException} if the link is down and the lease does not wait, with {@link DeliveryException} if the node did not begin an edit
     */
    <T extends AutoCloseable> Pending<T> exclusively(Exclusive<T> right);

    /** Waits for the end: normal when this holder closed the lease, else fails with the reason. */
    Pending<Void> closed();

    /**
     * Gives the share back. Messages still queued are cancelled; what is written ends on its own. No callback starts afterwards; one that
     * runs is not awaited. Idempotent, does no I/O, does not wait.
     */
    @Override
    void close();

    /**
     * Closes after waiting for what is queued and open.
     *
     * @param drain how long to wait at the most; not at all in an inline listener. It ends sooner if the lease is closed meanwhile
     * @throws WaitInterruptedException if interrupted; the lease is closed, and the flag is set again
     */
    void close(Duration drain);
}
