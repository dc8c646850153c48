package dev.meshlease.internal.lease;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryEvent;
import dev.meshlease.Endpoint;
import dev.meshlease.Exclusive;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LeaseOptions;
import dev.meshlease.Link;
import dev.meshlease.LinkStatus;
import dev.meshlease.MeshleaseException;
import dev.meshlease.MessageTooLongException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.NotReadyException;
import dev.meshlease.PacketIdInUseException;
import dev.meshlease.Pending;
import dev.meshlease.Subscription;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.Watch;
import dev.meshlease.WhileDown;
import dev.meshlease.internal.link.Due;
import dev.meshlease.internal.link.Moment;
import dev.meshlease.internal.link.Orders;
import dev.meshlease.internal.link.Payloads;
import dev.meshlease.internal.link.Rights;
import dev.meshlease.internal.link.Shipment;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Feed;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PacketListener;
import dev.meshlease.message.PayloadType;
import dev.meshlease.message.Request;
import dev.meshlease.message.TunedFeed;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A holder's share, for the library; its holder has a {@link HeldLease}. Everything here is concurrent or immutable: the link's own state stays on the loop, behind {@link LeaseHost}.
 *
 * <p>Closing is decided once, by {@link #gate}. What is started in a race with it is caught afterwards: each method that leaves something
 * behind looks at the gate again when it has done so.
 */
public final class LeaseHandle {
    private final long number;
    private final LeaseHost host;
    private final LeaseOptions options;
    private final Instant since;
    private final CallbackLane lane;
    private final PendingValue.Context context;
    private final Gate gate = new Gate();
    // Open for longer than the other if the lease ends with its link: watchers see how that ends.
    private final Gate watching = new Gate();
    private final PendingValue<Void> closed;
    private final Subscriptions subscriptions = new Subscriptions();
    private final AtomicReference<@Nullable PendingValue<NodeSnapshot>> readiness = new AtomicReference<>();
    private final Uses uses = new Uses(this);
    // Known before the gate closes, so that whoever finds it closed knows why.
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

    /** How the lease ends: for a reason, or because its holder wished it. */
    private record Ending(@Nullable MeshleaseException why) {}

    public LeaseHandle(long number, LeaseHost host, LeaseOptions options, Executor callbacks) {
        this.number = number;
        this.host = host;
        this.options = options;
        this.since = host.time().instant();
        this.lane = new CallbackLane(this::label, host.dispatcher(), callbacks);
        this.context = new PendingValue.Context(
                host.loop(), lane, host.endpoint(), options.holder(), () -> "the link is " + host.status());
        this.closed = pending("the lease to be closed");
    }

    /**
     * The lease for its holder; once.
     *
     * @param acquiredFrom for whoever has to look for a leak
     */
    public Lease hold(@Nullable Throwable acquiredFrom) {
        return uses.hold(acquiredFrom);
    }

    // ---- the holder's verbs

    public String holder() {
        return options.holder();
    }

    public Link link() {
        return host.link();
    }

    public Delivery send(OutboundMessage message) {
        requireOpen();
        requireMaySend(message.proto());
        Routes.requireDestination(
                message.proto(), message.hasHopLimit() && message.proto().getHopLimit() == 0);
        int wanted = message.proto().getId();
        if (wanted != 0 && !host.packetIds().reserve(wanted)) {
            throw new PacketIdInUseException(wanted, endpoint(), holder());
        }
        int id = wanted == 0 ? host.packetIds().reserve() : wanted;
        uses.shipped();
        DeliveryHandle delivery = new DeliveryHandle(this, id, message, deadlineNanos(message.deadline()));
        submit(delivery);
        return delivery;
    }

    public <R> Pending<R> request(Request<R> request) {
        requireOpen();
        Objects.requireNonNull(request, "request");
        MeshPacket question = request.proto(NodeInfo.getDefaultInstance());
        requireMaySend(question);
        Routes.requireDestination(question, false);
        int id = host.packetIds().reserve();
        uses.shipped();
        RequestHandle<R> asked = new RequestHandle<>(this, id, request, deadlineNanos(request.deadline()));
        submit(asked);
        return asked;
    }

    private void requireMaySend(MeshPacket packet) {
        requireFits(packet);
        NodeSnapshot snapshot = host.snapshot();
        if (snapshot != null && Orders.isFrameOfAnEdit(packet, snapshot.id())) {
            throw new IllegalArgumentException(
                    "An edit of the node's settings is for one lease at a time: begin it with"
                            + " exclusively(Exclusive.settings()), and end it with commit()");
        }
    }

    private void requireFits(MeshPacket packet) {
        Payloads.exceeded(packet, host.snapshot()).ifPresent(limit -> {
            int bytes = packet.getDecoded().getPayload().size();
            throw new MessageTooLongException(bytes, limit, endpoint(), holder());
        });
    }

    private void submit(Shipment shipment) {
        host.submit(shipment, mayWait());
        purgeIfClosed();
    }

    private boolean mayWait() {
        return options.whileDown() == WhileDown.QUEUE;
    }

    private void purgeIfClosed() {
        if (!gate.isOpen()) {
            host.purge(this);
        }
    }

    /** A change of the own node's settings, still to be submitted. */
    OrderHandle order(AdminMessage message) {
        return order(message, deadlineNanos(OutboundMessage.DEFAULT_DEADLINE));
    }

    OrderHandle order(AdminMessage message, long deadlineNanos) {
        requireFits(OutboundMessage.of(PayloadType.ADMIN, message).proto());
        uses.shipped();
        return new OrderHandle(this, host.packetIds().reserve(), message, deadlineNanos);
    }

    public <T extends AutoCloseable> Pending<T> exclusively(Exclusive<T> right) {
        requireOpen();
        RightWait<T> wait = new RightWait<>(this, Objects.requireNonNull(right, "right"));
        RightHandle<T> turn = wait.right();
        uses.begun(turn);
        withRights((rights, now) -> rights.ask(turn, mayWait(), now));
        return wait;
    }

    /** For what a right's holder does; caught afterwards if the lease is closed meanwhile. */
    void withRights(BiConsumer<Rights, Moment> task) {
        host.withRights(task);
        purgeIfClosed();
    }

    public Subscription subscribe(Feed feed, PacketListener listener) {
        requireOpen();
        Objects.requireNonNull(listener, "listener");
        TunedFeed tuned = TunedFeed.of(feed);
        return attach(
                tuned.isInline()
                        ? new InlineSubscription(this, tuned, listener)
                        : new PushSubscription(this, tuned, listener));
    }

    public Inbox inbox(Feed feed) {
        requireOpen();
        return attach(new PullInbox(this, TunedFeed.of(feed)));
    }

    Flow.Publisher<Arrival> publisher(Feed feed, HeldLease held) {
        requireOpen();
        return new ArrivalPublisher(held, TunedFeed.of(feed));
    }

    /** Lets a subscriber hear, at least that the lease is closed. */
    void begin(FlowSubscription subscription) {
        if (gate.isOpen()) {
            attach(subscription);
            subscription.wake();
        } else {
            subscription.refuse(closedException("the lease is closed; acquire a new one"));
        }
    }

    public <T> Subscription watch(Watch<T> what, Consumer<? super T> listener) {
        requireOpen();
        WatchSubscription<T> watch = new WatchSubscription<>(this, what, Objects.requireNonNull(listener, "listener"));
        subscriptions.add(watch);
        host.attach(watch);
        if (!gate.isOpen()) {
            watch.close();
            host.detach(watch); // Whoever closed the lease may have detached it before it was attached.
        }
        return watch;
    }

    /** Whoever closes the lease finds the subscription, and closes it; or it is found here that the lease is closed, and nothing starts. */
    private <S extends PacketSubscription> S attach(S subscription) {
        subscriptions.add(subscription);
        if (gate.isOpen()) {
            host.attach(subscription);
            subscription.attached();
        }
        if (!gate.isOpen()) {
            subscription.close();
            host.detach(subscription); // As above.
        }
        return subscription;
    }

    public LinkStatus status() {
        return host.status();
    }

    public NodeSnapshot node() {
        requireOpen();
        NodeSnapshot snapshot = host.snapshot();
        if (snapshot == null) {
            throw new NotReadyException(
                    label()
                            + ": the node has not told its configuration yet; call ready().await(...) first. The link is "
                            + status(),
                    endpoint(),
                    holder(),
                    null);
        }
        return snapshot;
    }

    Pending<NodeSnapshot> ready(HeldLease held) {
        requireOpen();
        PendingValue<NodeSnapshot> waiting = readiness();
        if (!gate.isOpen()) {
            waiting.fail(closedException("closed while waiting for the link"));
        }
        return new SharedWait<>(waiting, held);
    }

    /** The wait that all callers share until it is over; so a holder that asks for ever, for a node that is away, leaves nothing behind. */
    private PendingValue<NodeSnapshot> readiness() {
        for (; ; ) {
            PendingValue<NodeSnapshot> known = readiness.get();
            if (known != null && !known.isDone()) {
                return known;
            }
            PendingValue<NodeSnapshot> fresh = pending("the link to be READY");
            if (readiness.compareAndSet(known, fresh)) {
                host.whenReady(fresh);
                return fresh;
            }
        }
    }

    public Pending<Void> closed() {
        return new SharedWait<>(closed);
    }

    public void close() {
        end(null);
        endWatches();
    }

    public void close(Duration drain) {
        try {
            if (!host.loop().isOwner()) { // It would wait for itself.
                await(() -> uses.inFlight() == 0 || !gate.isOpen(), drain, waited -> "drained");
            }
        } catch (WaitTimeoutException enough) {
            // That is what the limit is for; what is left is cancelled or ends on its own.
        } finally {
            close();
        }
    }

    // ---- for the link

    /** Closes the lease for a reason that is not its holder's. */
    void fail(MeshleaseException why) {
        end(why);
        endWatches();
    }

    /** Closes the lease since its link closes. Those who watch are still told how that goes, up to CLOSED. */
    public void linkCloses(MeshleaseException why) {
        end(why);
    }

    private void endWatches() {
        watching.close();
        subscriptions.close();
    }

    private void end(@Nullable MeshleaseException why) {
        boolean isFirst = ending.compareAndSet(null, new Ending(why));
        gate.close(); // And all the rest here also if another thread is at it: when this returns, nothing starts.
        subscriptions.closeAllButWatches();
        if (!isFirst) {
            return;
        }
        PendingValue<NodeSnapshot> waiting = readiness.get();
        if (waiting != null) {
            waiting.fail(why == null ? closedException("closed while waiting for the link") : why);
            host.forget(waiting);
        }
        host.left(this);
        if (why == null) {
            closed.complete(null);
        } else {
            closed.fail(why);
        }
    }

    public long number() {
        return number;
    }

    public LeaseInfo info() {
        return subscriptions.info(this);
    }

    // ---- for what hangs on the lease

    Uses uses() {
        return uses;
    }

    boolean hasSubscriptions() {
        return !subscriptions.isEmpty();
    }

    /** The futures by which somebody waits for READY. */
    CompletableFuture<?>[] awaitingReady() {
        PendingValue<NodeSnapshot> waiting = readiness.get();
        return waiting == null || waiting.isDone() ? new CompletableFuture<?>[0] : waiting.awaiting();
    }

    Instant since() {
        return since;
    }

    LeaseHost host() {
        return host;
    }

    LeaseOptions options() {
        return options;
    }

    Gate gate() {
        return gate;
    }

    Gate watching() {
        return watching;
    }

    CallbackLane lane() {
        return lane;
    }

    /** Where a feed's listener runs. */
    CallbackLane lane(TunedFeed feed) {
        return feed.executor()
                .map(own -> new CallbackLane(this::label, host.dispatcher(), own))
                .orElse(lane);
    }

    Endpoint endpoint() {
        return host.endpoint();
    }

    /** For messages: endpoint and holder. */
    String label() {
        return endpoint() + ": '" + holder() + "'";
    }

    @Override
    public String toString() {
        return label();
    }

    long nanoTime() {
        return host.time().nanoTime();
    }

    <T> PendingValue<T> pending(String what) {
        return new PendingValue<>(context, what);
    }

    void await(BooleanSupplier done, Duration patience, Function<Duration, String> story) {
        Waits.await(host.loop(), done, patience, endpoint(), holder(), story);
    }

    /** On the loop. */
    void stepped(DeliveryEvent event) {
        subscriptions.stepped(event);
    }

    void ended(Shipment shipment) {
        host.packetIds().release(shipment.id());
        uses.arrived();
    }

    void detached(PacketSubscription subscription) {
        subscriptions.remove(subscription);
        host.detach(subscription);
        uses.ended();
    }

    void detached(WatchSubscription<?> watch) {
        subscriptions.remove(watch);
        host.detach(watch);
        uses.ended();
    }

    /** Why the lease is closed, if that was not its holder's wish. */
    @Nullable
    MeshleaseException closedBecause() {
        Ending end = ending.get();
        return end == null ? null : end.why();
    }

    LeaseClosedException closedException(String what) {
        MeshleaseException why = closedBecause();
        return new LeaseClosedException(
                label() + ": " + what + (why == null ? "" : ", since " + why.getMessage()), endpoint(), holder(), why);
    }

    void requireOpen() {
        if (!gate.isOpen()) {
            throw closedException("the lease is closed; acquire a new one");
        }
    }

    private long deadlineNanos(Duration deadline) {
        return nanoTime() + Due.nanos(deadline);
    }
}
