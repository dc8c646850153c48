package dev.meshlease.internal.registry;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LeaseOptions;
import dev.meshlease.Link;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.MeshleaseException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.lease.Batch;
import dev.meshlease.internal.lease.History;
import dev.meshlease.internal.lease.LeaseHandle;
import dev.meshlease.internal.lease.LeaseHost;
import dev.meshlease.internal.lease.PacketSink;
import dev.meshlease.internal.lease.PendingValue;
import dev.meshlease.internal.lease.Sink;
import dev.meshlease.internal.link.Audience;
import dev.meshlease.internal.link.Due;
import dev.meshlease.internal.link.LinkEngine;
import dev.meshlease.internal.link.Moment;
import dev.meshlease.internal.link.PacketIds;
import dev.meshlease.internal.link.Rights;
import dev.meshlease.internal.link.Setbacks;
import dev.meshlease.internal.link.Shipment;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.TimeSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link: its leases, its engine, and what all may read of it.
 *
 * <p>Volatile fields are written by the loop and read by anybody; {@link #shares} and {@link #packetIds} are concurrent; all the rest
 * belongs to the loop.
 */
final class SharedLink implements Link, LeaseHost, Audience, Title.Wire {
    private static final Logger LOG = LoggerFactory.getLogger(SharedLink.class);

    private static final long WIRE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LinkTable table;
    private final Registration registration;
    private final Setbacks setbacks;
    private final Title title;
    private final LinkDriver driver;
    private final Shares shares = new Shares();
    private final PacketIds packetIds;
    private final FanOut fanOut;
    private final NodeBook book = new NodeBook();
    private final ReadyWaits readyWaits = new ReadyWaits();
    private Loop.@Nullable Timer linger;
    private Set<LinkKey> currentKeys;
    private boolean hasBeenClaimed;

    private volatile Set<LinkKey> keys;
    private volatile LinkStatus status;
    private volatile boolean settled;
    private volatile @Nullable DuplicateLinkException refusal;
    private volatile boolean gone;

    /** On the loop. */
    SharedLink(LinkTable table, Registration registration, Set<LinkKey> keys, Setbacks setbacks) {
        this.table = table;
        this.registration = registration;
        this.setbacks = setbacks;
        this.keys = Set.copyOf(keys);
        this.currentKeys = this.keys;
        this.fanOut = new FanOut(new History(
                registration.number(), options().historyPackets(), options().historyBytes()));
        this.packetIds = new PacketIdPool(table.environment().random().nextInt());
        this.title = new Title(
                table.store(), table.loop(), () -> ThisProcess.holding(holders(), registration.since()), this);
        this.driver = new LinkDriver(
                table.loop(),
                time(),
                registration.location()::next,
                found -> table.reclaim(this, found),
                this::take,
                this::duplicate,
                fanOut::flush,
                connection -> new LinkEngine(
                        endpoint(),
                        options(),
                        registration.number(),
                        setbacks,
                        packetIds,
                        table.environment().random(),
                        Moment.of(time()),
                        connection,
                        this));
        this.status = driver.engine().status();
        take(keys, outcome -> settled = true);
    }

    /** Asks the shared store. Who is refused before he has ever had the link is closed; whoever has had it waits to have it again. */
    private void take(Set<LinkKey> wanted, Consumer<Title.Outcome> then) {
        title.take(wanted, outcome -> {
            hasBeenClaimed |= outcome instanceof Title.Outcome.Valid;
            if (outcome instanceof Title.Outcome.Held held && !hasBeenClaimed && refusal == null) {
                DuplicateLinkException duplicate = new DuplicateLinkException(
                        DuplicateLinkException.Scope.STORE, held.key(), endpoint(), null, held.by(), null);
                refusal = duplicate;
                duplicate(duplicate);
            }
            then.accept(outcome);
        });
    }

    /** Why the shared store did not let it be opened. */
    @Nullable
    DuplicateLinkException refusal() {
        return refusal;
    }

    /** Whether the shared store has answered, if there is one. */
    boolean isSettled() {
        return settled;
    }

    // ---- for holders

    @Override
    public Endpoint endpoint() {
        return registration.endpoint();
    }

    @Override
    public Set<LinkKey> keys() {
        return keys;
    }

    @Override
    public LinkStatus status() {
        return status;
    }

    @Override
    public List<LeaseInfo> leases() {
        return shares.list().stream().map(LeaseHandle::info).toList();
    }

    @Override
    public Lease acquire(LeaseOptions options) {
        Lease lease = join(options);
        if (lease == null) {
            throw new LeaseClosedException(
                    endpoint()
                            + ": the link is closed or about to close; acquire it from the registry, which opens it anew",
                    endpoint(),
                    options.holder(),
                    status.closedWith().orElse(null));
        }
        return lease;
    }

    /** Joins; null if the link takes nobody in any more. */
    @Nullable
    LeaseHandle join(LeaseOptions options) {
        // Made before it is counted: what cannot be made must not keep the link open.
        LeaseHandle lease = new LeaseHandle(
                table.nextLeaseNumber(), this, options, options.callbacks().orElse(table.callbacks()));
        long before = shares.join();
        if (before < 0) {
            return null;
        }
        shares.add(lease);
        holdersChanged();
        if (shares.isSealed()) {
            lease.linkCloses(closedByOwner());
        } else if (before == 0) {
            post(this::reconsider);
        }
        return lease;
    }

    private void holdersChanged() {
        if (table.store() != null) {
            postIfOpen(title::describe);
        }
    }

    @Override
    public void resetBackoff() {
        postIfOpen(() -> driver.run(LinkEngine::resetBackoff));
    }

    @Override
    public String describe() {
        return Description.of(this, time().instant());
    }

    @Override
    public String toString() {
        return status.toString();
    }

    // ---- for the registry

    Setbacks setbacks() {
        return setbacks;
    }

    Registration registration() {
        return registration;
    }

    List<String> holders() {
        return shares.holders();
    }

    boolean isEnding() {
        return shares.isSealed();
    }

    boolean isGone() {
        return gone;
    }

    /** What the wire has seen, for a person. The counts are the loop's, so it is asked; not for longer than a person waits. */
    String wire() {
        if (loop().isOwner()) {
            return driver.engine().wire();
        }
        AtomicReference<@Nullable String> answer = new AtomicReference<>();
        postIfOpen(() -> answer.set(driver.engine().wire()));
        try {
            loop().await(() -> answer.get() != null || gone, WIRE_NANOS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        String told = answer.get();
        return told == null ? "unknown, the loop does not answer" : told;
    }

    /** On the loop: the keys that the address leads to now, besides those it led to before. */
    void claimed(Set<LinkKey> found) {
        currentKeys = Set.copyOf(found);
        Set<LinkKey> all = new TreeSet<>(keys);
        all.addAll(found);
        keys = Set.copyOf(all);
    }

    /** Closes it with all its leases. From any thread; does not wait. */
    void shut() {
        if (loop().isOwner()) {
            endWith(null); // At once: a loop that is ending takes no more tasks.
        } else {
            postIfOpen(() -> endWith(null));
        }
    }

    /** On the loop. */
    private void endWith(@Nullable DuplicateLinkException reason) {
        shares.seal();
        MeshleaseException why = reason == null ? closedByOwner() : reason;
        shares.list().forEach(lease -> lease.linkCloses(why));
        driver.run((engine, now) -> engine.close(reason, now));
    }

    /** On the loop: closes it now, whatever its transport does. */
    void cut() {
        endWith(null);
        driver.cut();
    }

    private LeaseClosedException closedByOwner() {
        return new LeaseClosedException(endpoint() + ": the link was closed by its owner", endpoint(), null, null);
    }

    /** On the loop: is the connection wanted? Looks at the leases rather than at the event, since joins and leaves race. */
    void reconsider() {
        if (!shares.isEmpty()) {
            if (linger != null) {
                linger.cancel();
                linger = null;
            }
            driver.run(LinkEngine::demand);
        } else if (linger == null && !shares.isSealed()) {
            linger = loop().schedule(Due.nanos(options().linger()), this::lingerIsOver);
        }
    }

    private void lingerIsOver() {
        linger = null;
        if (registration.isDeclared()) {
            if (shares.isEmpty()) {
                driver.run(LinkEngine::rest);
            }
        } else if (shares.sealIfEmpty()) {
            driver.run((engine, now) -> engine.close(null, now));
        }
    }

    // ---- for its leases

    @Override
    public Link link() {
        return this;
    }

    @Override
    public Loop loop() {
        return table.loop();
    }

    @Override
    public TimeSource time() {
        return table.environment().time();
    }

    @Override
    public Executor dispatcher() {
        return table.dispatcher();
    }

    @Override
    public @Nullable NodeSnapshot snapshot() {
        return book.snapshot();
    }

    @Override
    public PacketIds packetIds() {
        return packetIds;
    }

    @Override
    public void submit(Shipment shipment, boolean mayWait) {
        run((engine, now) -> engine.submit(shipment, mayWait, now));
    }

    @Override
    public void cancelled(Shipment shipment) {
        // A loop that has ended has ended every shipment.
        postIfOpen(() -> driver.run((engine, now) -> engine.cancelled(shipment, now)));
    }

    @Override
    public void withRights(BiConsumer<Rights, Moment> task) {
        run((engine, now) -> task.accept(engine.rights(now), now));
    }

    @Override
    public History history() {
        return fanOut.history();
    }

    @Override
    public void attach(PacketSink sink) {
        fanOut.attach(sink);
        post(sink::begin);
    }

    @Override
    public void detach(PacketSink sink) {
        fanOut.detach(sink);
    }

    @Override
    public void attach(Sink sink) {
        fanOut.attach(sink);
        post(() -> sink.begin(status, book::nodes));
    }

    @Override
    public void detach(Sink sink) {
        fanOut.detach(sink);
    }

    @Override
    public void whenReady(PendingValue<NodeSnapshot> waiting) {
        post(() -> {
            readyWaits.add(waiting);
            settleReady();
        });
    }

    @Override
    public void forget(PendingValue<NodeSnapshot> waiting) {
        postIfOpen(() -> readyWaits.remove(waiting));
    }

    @Override
    public void purge(LeaseHandle lease) {
        postIfOpen(() -> driver.run((engine, now) -> engine.leaseClosed(lease.number(), now)));
    }

    @Override
    public void left(LeaseHandle lease) {
        purge(lease);
        holdersChanged();
        if (shares.leave(lease)) {
            postIfOpen(this::reconsider);
        }
    }

    // ---- from the engine, on the loop

    @Override
    public void status(LinkStatus next) {
        TransitionLog.log(status, next);
        status = next;
        fanOut.status(next);
        settleReady();
    }

    @Override
    public void progress(LinkStatus newer) {
        status = newer;
    }

    @Override
    public void ready(NodeSnapshot fresh) {
        book.handshake(fresh).forEach(fanOut::node);
        keys = currentKeys;
        table.releaseOthers(this, currentKeys);
        title.keepOnly(currentKeys);
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

    private void duplicate(DuplicateLinkException duplicate) {
        LOG.warn("{}", duplicate.getMessage());
        endWith(duplicate);
    }

    @Override
    public void ended() {
        if (status.state() != LinkState.CLOSED) {
            return;
        }
        if (title.isEmpty()) {
            removed();
        } else {
            // Others may have it only now; but a store that does not answer must not keep the registry from closing.
            Loop.Timer limit = loop().schedule(RELEASE_NANOS, this::removed);
            title.end()
                    .whenComplete((nothing, failure) -> postIfOpen(() -> {
                        limit.cancel();
                        removed();
                    }));
        }
    }

    private void removed() {
        if (!gone) {
            title.end();
            table.remove(this);
            gone = true;
        }
    }

    // ---- from the title, on the loop

    @Override
    public CompletionStage<Void> claimLost(String why) {
        driver.run((engine, now) -> engine.claimLost(why, now));
        return driver.disconnected();
    }

    @Override
    public void claimRestored() {
        driver.run(LinkEngine::claimRestored);
    }

    private void settleReady() {
        readyWaits.settle(status, book::snapshot, this::closedByOwner);
    }

    private void run(BiConsumer<LinkEngine, Moment> event) {
        post(() -> driver.run(event));
    }

    private void post(Runnable task) {
        try {
            table.loop().execute(task);
        } catch (RejectedExecutionException closed) {
            throw new LeaseClosedException(endpoint() + ": the registry is closed", endpoint(), null, closed);
        }
    }

    /** For what has nothing left to do once the registry is closed. */
    private void postIfOpen(Runnable task) {
        try {
            table.loop().execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.trace("{}: the registry is closed", endpoint(), closed);
        }
    }

    private LinkOptions options() {
        return registration.options();
    }
}
