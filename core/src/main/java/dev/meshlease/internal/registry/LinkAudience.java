package dev.meshlease.internal.registry;

import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.lease.Batch;
import dev.meshlease.internal.lease.History;
import dev.meshlease.internal.lease.PendingValue;
import dev.meshlease.internal.lease.Sink;
import dev.meshlease.internal.link.Audience;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.MyNodeInfo;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All whom one link's engine tells: those who read its status and what is known of its node, who subscribe or watch, and who wait for
 * READY.
 *
 * <p><b>Threading:</b> the loop only, but for {@link #status()} and {@link #snapshot()}, which anybody may read, and what {@link FanOut}
 * says of itself.
 */
final class LinkAudience implements Audience {
    private final Registration registration;
    private final Patrol patrol;
    private final Comeback comeback;
    private final Runnable onReady;
    private final Function<MyNodeInfo, Optional<String>> identity;
    private final Runnable onEnded;
    private final FanOut fanOut;
    private final NodeBook book = new NodeBook();
    private final ReadyWaits readyWaits = new ReadyWaits();

    @SuppressWarnings("NullAway.Init") // Whoever makes the engine tells its first.
    private volatile LinkStatus status;

    /**
     * @param patrol looks for others at the node
     * @param comeback looks for a device that is missing
     * @param identity why a node must not be talked to
     * @param onReady what is to be done at a READY besides
     * @param onEnded what is to be done once there is no connection any more
     */
    LinkAudience(
            Registration registration,
            Dispatcher dispatcher,
            Patrol patrol,
            Comeback comeback,
            Function<MyNodeInfo, Optional<String>> identity,
            Runnable onReady,
            Runnable onEnded) {
        this.registration = registration;
        this.patrol = patrol;
        this.comeback = comeback;
        this.identity = identity;
        this.onReady = onReady;
        this.onEnded = onEnded;
        History history = new History(
                registration.number(),
                registration.options().historyPackets(),
                registration.options().historyBytes());
        this.fanOut = new FanOut(history, dispatcher);
        patrol.begin(this::patrolled);
    }

    LinkStatus status() {
        return status;
    }

    @Nullable
    NodeSnapshot snapshot() {
        return book.snapshot();
    }

    FanOut fanOut() {
        return fanOut;
    }

    /** Tells one who has been attached how things stand. */
    void begin(Sink sink) {
        sink.begin(status, book::nodes);
    }

    void await(PendingValue<NodeSnapshot> waiting) {
        readyWaits.add(waiting);
        settleReady();
    }

    void forget(PendingValue<NodeSnapshot> waiting) {
        readyWaits.remove(waiting);
    }

    private void settleReady() {
        readyWaits.settle(status, book::snapshot, registration::closedByOwner);
    }

    // ---- from the engine

    @Override
    public void status(LinkStatus next) {
        patrol.moved(status, next);
        comeback.moved(next);
        LinkStatus whole = next.with(patrol.picture());
        TransitionLog.log(status, whole);
        status = whole;
        fanOut.status(whole);
        settleReady();
    }

    private void patrolled(boolean isNews) {
        status = status.with(patrol.picture());
        if (isNews) {
            fanOut.status(status);
        }
    }

    @Override
    public void progress(LinkStatus newer) {
        status = newer.with(patrol.picture());
    }

    @Override
    public Optional<String> identified(MyNodeInfo node) {
        return identity.apply(node);
    }

    @Override
    public void ready(NodeSnapshot fresh) {
        book.handshake(fresh).forEach(fanOut::node);
        onReady.run();
    }

    @Override
    public void packet(InboundPacket packet) {
        fanOut.packet(packet, Batch.NODE);
        book.heard(packet).filter(node -> fanOut.hasNodeWatch()).ifPresent(node -> fanOut.node(node.info()));
    }

    @Override
    public void sent(InboundPacket packet, long lease) {
        fanOut.packet(packet, lease);
        book.sent(packet);
    }

    @Override
    public void gap(Cursor cursor) {
        fanOut.gap(cursor);
    }

    @Override
    public boolean hasMessageWatch() {
        return fanOut.hasMessageWatch();
    }

    @Override
    public void message(FromRadio message) {
        fanOut.message(message);
    }

    @Override
    public void printed(LogRecord line) {
        fanOut.printed(line);
    }

    @Override
    public void ended() {
        onEnded.run();
    }
}
