package dev.meshlease.internal.registry;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LeaseOptions;
import dev.meshlease.Link;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.internal.lease.History;
import dev.meshlease.internal.lease.LeaseHandle;
import dev.meshlease.internal.link.LinkEngine;
import dev.meshlease.internal.link.Moment;
import dev.meshlease.internal.link.PacketIds;
import dev.meshlease.internal.link.Setbacks;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link, from the claim to its removal: puts its parts together, and ends them in order.
 *
 * <p><b>Threading:</b> all that belongs to {@link Link}, and what the registry reads, from any thread; what changes it, on the loop.
 */
final class SharedLink implements Link, Title.Wire {
    private static final Logger LOG = LoggerFactory.getLogger(SharedLink.class);

    private static final long WIRE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LinkTable table;
    private final Registration registration;
    private final Setbacks setbacks;
    private final LinkTasks tasks;
    private final LinkKeys keys;
    private final LinkAudience audience;
    private final Identity identity;
    private final LinkDriver driver;
    private final LinkHost host;
    private volatile boolean gone; // Written by the loop.

    /** On the loop. */
    SharedLink(LinkTable table, Registration registration, Set<LinkKey> keys, Setbacks setbacks) {
        this.table = table;
        this.registration = registration;
        this.setbacks = setbacks;
        this.tasks = new LinkTasks(table.loop(), endpoint());
        Supplier<ClaimHolder> self = () -> ThisProcess.holding(holders(), registration.since());
        this.keys = new LinkKeys(
                endpoint(),
                keys,
                table.rings().machine(table.loop(), self, this),
                table.rings().store(table.loop(), self, this),
                current -> table.releaseOthers(this, current),
                this::refused);
        TimeSource time = table.environment().time();
        this.identity = new Identity(
                registration,
                this.keys::current,
                Worlds.of(table.environment()),
                table.loop(),
                time::instant,
                this::duplicate);
        this.audience = new LinkAudience(
                registration,
                table.dispatcher(),
                table.patrols().of(endpoint(), registration.options().viaShare(), this::lookout),
                new Comeback(
                        endpoint(),
                        table.loop(),
                        registration.location()::lookUp,
                        setbacks::isDeviceMissing,
                        this::deviceCame),
                identity::identified,
                this.keys::keepCurrent,
                this::ended);
        PacketIds packetIds = new PacketIdPool(table.environment().random().nextInt());
        this.driver = new LinkDriver(
                table.loop(),
                time,
                registration.location()::next,
                found -> table.reclaim(this, found),
                this.keys::take,
                identity,
                this::duplicate,
                audience.fanOut()::flush,
                connection -> new LinkEngine(
                        endpoint(),
                        registration.options(),
                        registration.number(),
                        setbacks,
                        packetIds,
                        table.environment().random(),
                        Moment.of(time),
                        connection,
                        audience));
        audience.progress(driver.engine().status());
        this.host = new LinkHost(this, table, registration, this.keys, audience, packetIds, driver, tasks);
        this.keys.settle(registration.location().isFound());
    }

    // ---- for holders

    @Override
    public Endpoint endpoint() {
        return registration.endpoint();
    }

    @Override
    public Set<LinkKey> keys() {
        return keys.all();
    }

    @Override
    public LinkStatus status() {
        return audience.status();
    }

    @Override
    public List<LeaseInfo> leases() {
        return host.shares().list().stream().map(LeaseHandle::info).toList();
    }

    @Override
    public Lease acquire(LeaseOptions options) {
        LeaseHandle lease = host.join(options);
        if (lease == null) {
            throw new LeaseClosedException(
                    endpoint()
                            + ": the link is closed or about to close; acquire it from the registry, which opens it anew",
                    endpoint(),
                    options.holder(),
                    status().closedWith().orElse(null));
        }
        return table.hold(lease);
    }

    /** Joins; null if the link takes nobody in any more. */
    @Nullable
    LeaseHandle join(LeaseOptions options) {
        return host.join(options);
    }

    @Override
    public void resetBackoff() {
        tasks.postIfOpen(() -> driver.run(LinkEngine::resetBackoff));
    }

    @Override
    public String describe() {
        return Description.of(this, table.environment().time().instant());
    }

    @Override
    public String toString() {
        return status().toString();
    }

    // ---- for the registry

    Setbacks setbacks() {
        return setbacks;
    }

    Registration registration() {
        return registration;
    }

    List<String> holders() {
        return host.shares().holders();
    }

    boolean isEnding() {
        return host.shares().isSealed();
    }

    boolean isGone() {
        return gone;
    }

    /** Whether machine and shared store have answered. */
    boolean isSettled() {
        return keys.isSettled();
    }

    /** Why another program's claim did not let it be opened. */
    @Nullable
    DuplicateLinkException refusal() {
        return keys.refusal();
    }

    @Nullable
    NodeSnapshot snapshot() {
        return audience.snapshot();
    }

    History history() {
        return audience.fanOut().history();
    }

    /** What the wire has seen, for a person. The counts are the loop's, so it is asked; not for longer than a person waits. */
    String wire() {
        if (table.loop().isOwner()) {
            return driver.engine().wire();
        }
        AtomicReference<@Nullable String> answer = new AtomicReference<>();
        tasks.postIfOpen(() -> answer.set(driver.engine().wire()));
        try {
            table.loop().await(() -> answer.get() != null || gone, WIRE_NANOS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        String told = answer.get();
        return told == null ? "unknown, the loop does not answer" : told;
    }

    /** On the loop: the keys that the address leads to now, besides those it led to before. */
    void claimed(Set<LinkKey> found) {
        keys.claimed(found);
    }

    /** From any thread: another link of this JVM had connected to the same node, under that name, since then. */
    void displacedByDuplicate(String name, Instant since) {
        tasks.postIfOpen(() -> driver.run((engine, now) -> engine.displacedByDuplicate(name, since, now)));
    }

    /** Closes it with all its leases. From any thread; does not wait. */
    void shut() {
        tasks.postIfOpen(
                () -> endWith(null)); // Never at once: an inline listener may be in the middle of what would end.
    }

    /** On the loop. */
    private void endWith(@Nullable DuplicateLinkException reason) {
        host.close(reason == null ? registration.closedByOwner() : reason);
        driver.run((engine, now) -> engine.close(reason, now));
    }

    /** On the loop: closes it now, whatever its transport does. */
    void cut() {
        endWith(null);
        driver.cut();
    }

    /** On the loop: forgets it, though there may be somebody who has not said yet that its claims are given back. */
    void drop() {
        cut();
        removed();
    }

    /** By another program's claim, before it was ever open: whoever wanted to open it gets this as an exception. */
    private void refused(DuplicateLinkException duplicate) {
        if (keys.isSettled()) {
            duplicate(duplicate);
        } else {
            endWith(duplicate);
        }
    }

    private void duplicate(DuplicateLinkException duplicate) {
        LOG.warn("{}", duplicate.getMessage());
        endWith(duplicate);
    }

    /** From the engine: there is no connection any more. */
    private void ended() {
        if (status().state() != LinkState.CLOSED) {
            return;
        }
        if (keys.isReleased()) {
            removed();
        } else {
            // Others may have it only now; but a store that does not answer must not keep the registry from closing.
            Loop.Timer limit = table.loop().schedule(RELEASE_NANOS, this::removed);
            keys.release()
                    .whenComplete((nothing, failure) -> tasks.postIfOpen(() -> {
                        limit.cancel();
                        removed();
                    }));
        }
    }

    private void removed() {
        if (!gone) {
            keys.release();
            table.remove(this);
            gone = true;
        }
    }

    private Optional<Lookout> lookout() {
        return driver.lookout();
    }

    private void deviceCame() {
        driver.run(LinkEngine::deviceCame);
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
}
