package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.LeaseOptions;
import dev.meshlease.Link;
import dev.meshlease.LinkStatus;
import dev.meshlease.MeshleaseException;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.lease.History;
import dev.meshlease.internal.lease.LeaseHandle;
import dev.meshlease.internal.lease.LeaseHost;
import dev.meshlease.internal.lease.PacketSink;
import dev.meshlease.internal.lease.PendingValue;
import dev.meshlease.internal.lease.Sink;
import dev.meshlease.internal.link.Due;
import dev.meshlease.internal.link.LinkEngine;
import dev.meshlease.internal.link.Moment;
import dev.meshlease.internal.link.PacketIds;
import dev.meshlease.internal.link.Rights;
import dev.meshlease.internal.link.Shipment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.TimeSource;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one link: who has one, what they can do to the link, and whether it is to be connected for their sake.
 *
 * <p><b>Threading:</b> from any thread, as {@link LeaseHost} says; the timer of the linger belongs to the loop.
 */
final class LinkHost implements LeaseHost {
    private final Link link;
    private final LinkTable table;
    private final Registration registration;
    private final LinkKeys keys;
    private final LinkAudience audience;
    private final PacketIds packetIds;
    private final LinkDriver driver;
    private final LinkTasks tasks;
    private final Shares shares = new Shares();
    private Loop.@Nullable Timer linger;

    LinkHost(
            Link link,
            LinkTable table,
            Registration registration,
            LinkKeys keys,
            LinkAudience audience,
            PacketIds packetIds,
            LinkDriver driver,
            LinkTasks tasks) {
        this.link = link;
        this.table = table;
        this.registration = registration;
        this.keys = keys;
        this.audience = audience;
        this.packetIds = packetIds;
        this.driver = driver;
        this.tasks = tasks;
    }

    /** Who has a lease. */
    Shares shares() {
        return shares;
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
            lease.linkCloses(registration.closedByOwner());
        } else if (before == 0) {
            tasks.post(this::reconsider);
        }
        return lease;
    }

    private void holdersChanged() {
        if (table.rings().areToldHolders()) {
            tasks.postIfOpen(keys::describe);
        }
    }

    /** On the loop: is the connection wanted? Looks at the leases rather than at the event, since joins and leaves race. */
    private void reconsider() {
        if (!shares.isEmpty()) {
            if (linger != null) {
                linger.cancel();
                linger = null;
            }
            driver.run(LinkEngine::demand);
        } else if (linger == null && !shares.isSealed()) {
            linger = loop().schedule(Due.nanos(registration.options().linger()), this::lingerIsOver);
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

    /** On the loop: takes nobody in any more, and closes the leases there are. */
    void close(MeshleaseException why) {
        shares.seal();
        shares.list().forEach(lease -> lease.linkCloses(why));
    }

    // ---- for the leases

    @Override
    public Endpoint endpoint() {
        return registration.endpoint();
    }

    @Override
    public Link link() {
        return link;
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
    public void post(Runnable task) {
        tasks.postIfOpen(task);
    }

    @Override
    public void dropped(Runnable giveBack) {
        table.environment().dropped(giveBack);
    }

    @Override
    public LinkStatus status() {
        return audience.status();
    }

    @Override
    public @Nullable NodeSnapshot snapshot() {
        return audience.snapshot();
    }

    @Override
    public PacketIds packetIds() {
        return packetIds;
    }

    @Override
    public void submit(Shipment shipment, boolean mayWait) {
        tasks.post(() -> driver.run((engine, now) -> engine.submit(shipment, mayWait, now)));
    }

    @Override
    public void cancelled(Shipment shipment) {
        // A loop that has ended has ended every shipment.
        tasks.postIfOpen(() -> driver.run((engine, now) -> engine.cancelled(shipment, now)));
    }

    @Override
    public void withRights(BiConsumer<Rights, Moment> task) {
        tasks.post(() -> driver.run((engine, now) -> task.accept(engine.rights(now), now)));
    }

    @Override
    public History history() {
        return audience.fanOut().history();
    }

    @Override
    public void attach(PacketSink sink) {
        audience.fanOut().attach(sink);
        tasks.post(sink::begin);
    }

    @Override
    public void detach(PacketSink sink) {
        tasks.postIfOpen(() -> {}); // Whoever waits for its packets is released by the loop.
        audience.fanOut().detach(sink);
    }

    @Override
    public void attach(Sink sink) {
        audience.fanOut().attach(sink);
        tasks.post(() -> audience.begin(sink));
    }

    @Override
    public void detach(Sink sink) {
        audience.fanOut().detach(sink);
    }

    @Override
    public void whenReady(PendingValue<NodeSnapshot> waiting) {
        tasks.post(() -> audience.await(waiting));
    }

    @Override
    public void forget(PendingValue<NodeSnapshot> waiting) {
        tasks.postIfOpen(() -> audience.forget(waiting));
    }

    @Override
    public void purge(LeaseHandle lease) {
        tasks.postIfOpen(() -> driver.run((engine, now) -> engine.leaseClosed(lease.number(), now)));
    }

    @Override
    public void left(LeaseHandle lease) {
        purge(lease);
        holdersChanged();
        if (shares.leave(lease)) {
            tasks.postIfOpen(this::reconsider);
        }
    }
}
