package dev.meshlease.internal.registry;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LeaseOptions;
import dev.meshlease.Link;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.OwnedLink;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.internal.lease.Leaks;
import dev.meshlease.internal.lease.LeaseHandle;
import dev.meshlease.internal.lease.Waits;
import dev.meshlease.internal.link.Due;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry as its users see it. It owns no state of its own but whether it is closed: links live in the {@link LinkTable}.
 *
 * <p>A spelling that is known takes the short way, without the loop. Every other goes through an {@link Admission}. A link that is about
 * to close takes nobody in; then the caller waits until it is gone, and starts over.
 */
public final class Registry implements LinkRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final AtomicLong LOOPS = new AtomicLong();
    private static final Duration CLOSE_LIMIT = Closing.LIMIT;

    private final LinkOptions defaults;
    private final Map<Endpoint, LinkOptions> perEndpoint = new HashMap<>();
    private final Transports transports;
    private final Environment environment;
    private final LinkTable table;
    private final Closing closing;

    public Registry(RegistrySettings settings) {
        this.defaults = settings.defaults();
        this.transports = new Transports(settings.transports());
        settings.perEndpoint().forEach((endpoint, options) -> {
            if (perEndpoint.put(transports.normal(endpoint), options) != null) {
                throw new IllegalArgumentException("Options were given twice for the endpoint "
                        + transports.normal(endpoint) + ", in two spellings");
            }
        });
        this.environment = settings.environment();
        Loop loop = environment.newLoop("meshlease-loop-" + LOOPS.incrementAndGet());
        Dispatcher library = new Dispatcher(environment.callbacks(), loop);
        this.table = new LinkTable(
                environment,
                loop,
                library,
                settings.callbacks().orElse(library),
                Rings.of(settings.machine(), settings.claims(), environment, loop),
                new Patrols(environment, loop, settings.audit()),
                settings.leakStacks());
        this.closing = new Closing(table, () -> {
            Leaks.end();
            AtExit.forget(this);
        });
        Leaks.begin();
        if (settings.shutdownHook() && !environment.isVirtual()) {
            AtExit.close(this);
        }
    }

    @Override
    public OwnedLink open(Endpoint endpoint, LinkOptions options) {
        Objects.requireNonNull(options, "options");
        Endpoint normal = transports.normal(endpoint);
        Throwable openedFrom = Callers.here(endpoint + " was opened here (open)");
        long deadline = deadline(options);
        for (; ; ) {
            requireOpen(endpoint);
            SharedLink ending = table.known(normal);
            if (ending == null || !ending.isEnding()) {
                Location location = location(normal);
                SharedLink link = admit(endpoint, normal, location, options, deadline, new Admission.Decision<>() {
                    @Override
                    public SharedLink existing(SharedLink link, LinkKey key) {
                        if (link.isEnding()) {
                            return link;
                        }
                        throw table.duplicate(endpoint, key, link);
                    }

                    @Override
                    public SharedLink none(Set<LinkKey> keys) {
                        return table.create(endpoint, normal, options, true, keys, location, openedFrom);
                    }

                    @Override
                    public void undo(SharedLink made) {
                        made.shut();
                    }
                });
                settle(link, deadline);
                if (!link.isEnding()) {
                    return new DeclaredLink(link, () -> awaitQuietly(link));
                }
                ending = link;
            }
            awaitGone(ending, deadline);
        }
    }

    @Override
    public Lease acquire(Endpoint endpoint, LeaseOptions options) {
        Objects.requireNonNull(options, "options");
        Endpoint normal = transports.normal(endpoint);
        LinkOptions linkOptions = perEndpoint.getOrDefault(normal, defaults);
        long deadline = deadline(linkOptions);
        for (; ; ) {
            requireOpen(endpoint);
            SharedLink known = table.known(normal);
            LeaseHandle lease =
                    known == null ? admitOrJoin(endpoint, normal, linkOptions, options, deadline) : known.join(options);
            if (lease != null) {
                settleOrLeave(lease, deadline);
                return table.hold(lease);
            }
            SharedLink ending = table.known(normal);
            if (ending != null && ending.isEnding()) { // Else it is a new one already, to be joined.
                awaitGone(ending, deadline);
            }
        }
    }

    private void settleOrLeave(LeaseHandle lease, long deadline) {
        try {
            if (lease.link() instanceof SharedLink link) {
                settle(link, deadline);
            }
        } catch (RuntimeException failure) {
            lease.close(); // Nobody else could.
            throw failure;
        }
    }

    private @Nullable LeaseHandle admitOrJoin(
            Endpoint endpoint, Endpoint normal, LinkOptions linkOptions, LeaseOptions options, long deadline) {
        Throwable openedFrom = Callers.here(endpoint + " was opened here (acquire, for '" + options.holder() + "')");
        Location location = location(normal);
        return admit(
                        endpoint,
                        normal,
                        location,
                        linkOptions,
                        deadline,
                        new Admission.Decision<Optional<LeaseHandle>>() {
                            @Override
                            public Optional<LeaseHandle> existing(SharedLink link, LinkKey key) {
                                return Optional.ofNullable(link.join(options));
                            }

                            @Override
                            public Optional<LeaseHandle> none(Set<LinkKey> keys) {
                                SharedLink link =
                                        table.create(endpoint, normal, linkOptions, false, keys, location, openedFrom);
                                return Optional.ofNullable(link.join(options));
                            }

                            @Override
                            public void undo(Optional<LeaseHandle> made) {
                                made.ifPresent(LeaseHandle::close);
                            }
                        })
                .orElse(null);
    }

    @Override
    public Optional<Link> find(Endpoint endpoint) {
        Endpoint normal = transports.normal(endpoint);
        requireOpen(endpoint);
        SharedLink known = table.known(normal);
        if (known != null) {
            return Optional.of(known);
        }
        return admit(endpoint, normal, location(normal), defaults, deadline(defaults), new Admission.Decision<>() {
            @Override
            public Optional<Link> existing(SharedLink link, LinkKey key) {
                return Optional.of(link);
            }

            @Override
            public Optional<Link> none(Set<LinkKey> keys) {
                return Optional.empty();
            }
        });
    }

    private <R> R admit(
            Endpoint endpoint,
            Endpoint normal,
            Location location,
            LinkOptions options,
            long deadline,
            Admission.Decision<R> decision) {
        Admission<R> admission = new Admission<>(table, normal, location, decision);
        try {
            admission.start(options);
        } catch (RejectedExecutionException loopEnded) {
            requireOpen(endpoint);
            throw loopEnded;
        }
        try {
            // The admission decides within the settle timeout by itself; the margin is for a loop that is busy.
            await(endpoint, admission::isDecided, Math.max(0, deadline - nanoTime()) + CLOSE_LIMIT.toNanos());
        } catch (RuntimeException gaveUp) {
            admission.abandon();
            throw gaveUp;
        }
        R result = admission.result();
        if (result == null) {
            throw new IllegalStateException("An admission without failure has a result");
        }
        return result;
    }

    @Override
    public List<Link> links() {
        return List.copyOf(table.list());
    }

    @Override
    public LinkOptions defaults() {
        return defaults;
    }

    @Override
    public String describe() {
        return Description.of(
                table.list(),
                closing.isBegun(),
                table.rings().describe(),
                table.environment().time().instant());
    }

    @Override
    public void close() {
        closing.begin();
        closing.await();
    }

    /** Waits until machine and shared store have answered, but no longer than the settle timeout; what they say later is for the link. */
    private void settle(SharedLink link, long deadlineNanos) {
        if (link.isSettled()) {
            throwIfRefused(link);
            return;
        }
        try {
            await(link.endpoint(), link::isSettled, Math.max(0, deadlineNanos - nanoTime()));
        } catch (WaitTimeoutException late) {
            LOG.debug("{}: not all who know of claims have answered yet", link.endpoint());
        }
        throwIfRefused(link);
    }

    private static void throwIfRefused(SharedLink link) {
        DuplicateLinkException refusal = link.refusal();
        if (refusal != null) {
            // One for each caller, who looks for the call that failed.
            throw new DuplicateLinkException(
                    refusal.scope(), refusal.key(), refusal.requested(), null, refusal.incumbent(), null);
        }
    }

    private void awaitGone(SharedLink link, long deadlineNanos) {
        await(link.endpoint(), link::isGone, Math.max(0, deadlineNanos - nanoTime()) + CLOSE_LIMIT.toNanos());
    }

    /** For closing, which neither fails nor waits for long. */
    private void awaitQuietly(SharedLink link) {
        if (table.loop().isOwner()) {
            return;
        }
        try {
            if (!table.loop().await(link::isGone, CLOSE_LIMIT.toNanos())) {
                LOG.warn(
                        "{}: closing the link took longer than {}, and goes on without waiting. It stays claimed until its"
                                + " transport says that the connection has ended, or the registry is closed",
                        link.endpoint(),
                        CLOSE_LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // Closing goes on without waiting.
        }
    }

    private void await(Endpoint endpoint, BooleanSupplier done, long limitNanos) {
        try {
            if (!table.loop().await(() -> done.getAsBoolean() || closing.isBegun(), limitNanos)) {
                throw new WaitTimeoutException(
                        endpoint + ": the registry's loop did not settle it within " + Duration.ofNanos(limitNanos),
                        endpoint,
                        null,
                        null);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Waits.interrupted(endpoint, null, interrupted);
        }
        if (!done.getAsBoolean()) {
            requireOpen(endpoint);
        }
    }

    private void requireOpen(Endpoint endpoint) {
        if (closing.isBegun()) {
            throw new LeaseClosedException(endpoint + ": the registry is closed", endpoint, null, null);
        }
    }

    private Location location(Endpoint normal) {
        return new Location(transports.of(normal), normal.address(), environment);
    }

    private long deadline(LinkOptions options) {
        return nanoTime() + Due.nanos(options.settleTimeout());
    }

    private long nanoTime() {
        return environment.time().nanoTime();
    }
}
