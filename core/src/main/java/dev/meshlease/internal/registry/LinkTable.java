package dev.meshlease.internal.registry;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.EndpointException;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import dev.meshlease.internal.lease.LeaseHandle;
import dev.meshlease.internal.link.Moment;
import dev.meshlease.internal.link.Setbacks;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All links of a registry. What is claimed is decided on the loop, one after the other; what is known is read by anybody.
 */
final class LinkTable {
    // Of the process, not of the registry: numbers tell cursors and leases of two registries apart.
    private static final AtomicLong LINK_NUMBERS = new AtomicLong();
    private static final AtomicLong LEASE_NUMBERS = new AtomicLong();

    private final Environment environment;
    private final Loop loop;
    private final Dispatcher dispatcher;
    private final Executor callbacks;
    private final Rings rings;
    private final Patrols patrols;
    private final boolean leakStacks;
    private final Map<LinkKey, SharedLink> byKey = new HashMap<>(); // Loop only.
    private final Map<Endpoint, SharedLink> bySpelling = new ConcurrentHashMap<>();
    private final Map<Long, SharedLink> byNumber = new ConcurrentSkipListMap<>();
    private final Troubles troubles = new Troubles(); // Loop only.
    private @Nullable Runnable whenEmpty; // Loop only.

    LinkTable(
            Environment environment,
            Loop loop,
            Dispatcher dispatcher,
            Executor callbacks,
            Rings rings,
            Patrols patrols,
            boolean leakStacks) {
        this.environment = environment;
        this.loop = loop;
        this.dispatcher = dispatcher;
        this.callbacks = callbacks;
        this.rings = rings;
        this.patrols = patrols;
        this.leakStacks = leakStacks;
    }

    /** Where claims are shared with other programs. */
    Rings rings() {
        return rings;
    }

    /** Who looks for connections past the library. */
    Patrols patrols() {
        return patrols;
    }

    Environment environment() {
        return environment;
    }

    Loop loop() {
        return loop;
    }

    /** The library's own. */
    Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Where callbacks run: the same, unless a user gave another. */
    Executor callbacks() {
        return callbacks;
    }

    long nextLeaseNumber() {
        return LEASE_NUMBERS.incrementAndGet();
    }

    /** The lease for its holder, who called on this thread. */
    Lease hold(LeaseHandle lease) {
        return lease.hold(leakStacks ? Callers.here("The lease " + lease + " was acquired here") : null);
    }

    /** The link that this normal spelling is known to lead to. From any thread. */
    @Nullable
    SharedLink known(Endpoint normal) {
        return bySpelling.get(normal);
    }

    /** From any thread; oldest first. */
    List<SharedLink> list() {
        return List.copyOf(byNumber.values());
    }

    // ---- on the loop

    /**
     * From now on no link is made.
     *
     * @param last what to do once there is none any more; at once if that is so
     */
    void close(Runnable last) {
        whenEmpty = last;
        tellIfEmpty();
    }

    private void tellIfEmpty() {
        if (whenEmpty != null && byNumber.isEmpty()) {
            whenEmpty.run();
        }
    }

    /** The link that one of these keys belongs to. */
    Optional<SharedLink> holding(Collection<LinkKey> keys) {
        return new TreeSet<>(keys)
                .stream().filter(byKey::containsKey).map(byKey::get).findFirst();
    }

    void remember(Endpoint normal, SharedLink link) {
        bySpelling.put(normal, link);
    }

    /**
     * Claims the keys and makes a link for them.
     *
     * @throws DuplicateLinkException if another registry of this JVM has one of them
     * @throws LeaseClosedException if the registry was closed meanwhile
     */
    SharedLink create(
            Endpoint endpoint,
            Endpoint normal,
            LinkOptions options,
            boolean isDeclared,
            Set<LinkKey> keys,
            Location location,
            Throwable openedFrom) {
        if (whenEmpty != null) {
            throw new LeaseClosedException(endpoint + ": the registry is closed", endpoint, null, null);
        }
        Instant since = environment.time().instant();
        AtomicReference<@Nullable SharedLink> made = new AtomicReference<>();
        JvmClaims.Entry entry = JvmClaims.Entry.of(
                endpoint.toString(),
                since,
                () -> holders(made.get()),
                openedFrom,
                (by, began) -> displaced(made.get(), by, began),
                () -> foreign(made.get()));
        Optional<JvmClaims.Refusal> refusal = JvmClaims.claim(keys, entry);
        if (refusal.isPresent()) {
            throw duplicate(endpoint, refusal.get());
        }
        Registration registration = new Registration(
                LINK_NUMBERS.incrementAndGet(),
                endpoint,
                normal,
                options,
                isDeclared,
                since,
                entry,
                openedFrom,
                location);
        SharedLink link;
        try {
            Setbacks setbacks = troubles.take(keys, options.reconnect(), environment.random(), now());
            link = new SharedLink(this, registration, keys, setbacks);
        } catch (RuntimeException | Error failure) {
            JvmClaims.release(keys, entry); // Nobody else would ever.
            throw failure;
        }
        made.set(link);
        keys.forEach(key -> byKey.put(key, link));
        byNumber.put(registration.number(), link);
        bySpelling.put(normal, link);
        return link;
    }

    /** From any thread. */
    private static void displaced(@Nullable SharedLink link, String by, Instant since) {
        if (link != null) {
            link.displacedByDuplicate(by, since);
        }
    }

    private static List<String> holders(@Nullable SharedLink link) {
        return link == null ? List.of() : link.holders();
    }

    private static List<Map<String, Object>> foreign(@Nullable SharedLink link) {
        return link == null
                ? List.of()
                : ForeignNotes.of(link.status().foreign().seen());
    }

    /** Before a connection: claims the keys that the link's address leads to now, in addition to those it has. */
    Optional<DuplicateLinkException> reclaim(SharedLink link, Set<LinkKey> keys) {
        for (LinkKey key : new TreeSet<>(keys)) {
            SharedLink other = byKey.get(key);
            if (other != null && other != link) {
                return Optional.of(duplicate(link.endpoint(), key, other));
            }
        }
        Optional<JvmClaims.Refusal> refusal =
                JvmClaims.claim(keys, link.registration().claim());
        if (refusal.isPresent()) {
            return Optional.of(duplicate(link.endpoint(), refusal.get()));
        }
        keys.forEach(key -> byKey.put(key, link));
        link.claimed(keys);
        return Optional.empty();
    }

    /** After a handshake: gives back what the link's address no longer leads to. */
    void releaseOthers(SharedLink link, Set<LinkKey> current) {
        Set<LinkKey> others = new HashSet<>();
        byKey.forEach((key, holder) -> {
            if (holder == link && !current.contains(key)) {
                others.add(key);
            }
        });
        byKey.keySet().removeAll(others);
        if (!others.isEmpty()) {
            // Other spellings may have led to what the link has left.
            bySpelling
                    .entrySet()
                    .removeIf(known -> known.getValue() == link
                            && !known.getKey().equals(link.registration().normal()));
        }
        JvmClaims.release(others, link.registration().claim());
    }

    /** The link is closed, physically too. */
    void remove(SharedLink link) {
        troubles.keep(link.keys(), link.setbacks(), now());
        releaseOthers(link, Set.of());
        JvmClaims.releaseAll(link.registration().claim());
        byNumber.remove(link.registration().number());
        bySpelling.values().removeIf(known -> known == link);
        tellIfEmpty();
    }

    private Moment now() {
        return Moment.of(environment.time());
    }

    DuplicateLinkException duplicate(Endpoint requested, LinkKey key, SharedLink existing) {
        Registration registration = existing.registration();
        return new DuplicateLinkException(
                DuplicateLinkException.Scope.REGISTRY,
                key,
                requested,
                registration.endpoint(),
                ThisProcess.holding(existing.holders(), registration.since()),
                registration.openedFrom(),
                existing.status().foreign().seen());
    }

    private static DuplicateLinkException duplicate(Endpoint requested, JvmClaims.Refusal refusal) {
        return refusal.byAlias()
                ? sameNode(requested, refusal)
                : duplicate(DuplicateLinkException.Scope.JVM, requested, refusal);
    }

    /** Another link of this JVM has the same node, under another name. */
    static DuplicateLinkException sameNode(Endpoint requested, JvmClaims.Refusal refusal) {
        return duplicate(DuplicateLinkException.Scope.NODE, requested, refusal);
    }

    private static DuplicateLinkException duplicate(
            DuplicateLinkException.Scope scope, Endpoint requested, JvmClaims.Refusal refusal) {
        return new DuplicateLinkException(
                scope,
                refusal.key(),
                requested,
                spelling(refusal.endpoint()),
                refusal.holder(),
                refusal.openedFrom(),
                refusal.foreign());
    }

    /** The text is another registry's, perhaps of another version of this library. */
    private static @Nullable Endpoint spelling(String text) {
        try {
            return Endpoint.of(text);
        } catch (EndpointException unreadable) {
            return null;
        }
    }
}
