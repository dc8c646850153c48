package dev.meshlease.internal.registry;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.internal.link.DeviceId;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MyNodeInfo;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which node a link has reached, and whether another link of this JVM has the same one under another name: one link per node, not per name.
 *
 * <p>Who tells it is the node, at the start of a handshake, so a newcomer has connected by then. Where the node serves one client, that has
 * cost the first link its connection, once. So that the two do not take it from each other, no link that has lost its node connects while a
 * newcomer waits to hear who it has reached; then the newcomer goes, its name is remembered as an alias of the first link, and that one
 * connects again at once.
 *
 * <p><b>Threading:</b> the loop only.
 */
final class Identity {
    private static final String SCHEME = "identity";

    /** How long others wait for a newcomer, which is told within a second or so. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Registration registration;
    private final Supplier<Set<LinkKey>> keys;
    private final String world;
    private final Loop loop;
    private final Supplier<Instant> clock;
    private final Consumer<DuplicateLinkException> onDuplicate;
    private @Nullable LinkKey node;
    private Instant connecting = Instant.MAX;
    private @Nullable CompletableFuture<Void> told;
    // Of a node that another link had.
    private JvmClaims.@Nullable Refusal elsewhere;
    private boolean wasEverKnown;
    // Whom it has let go first, and how often that one's node had told who it is.
    private JvmClaims.@Nullable Entry gaveWayTo;
    private long sightings;

    /** @param onDuplicate told, not at once, that the link must close */
    Identity(
            Registration registration,
            Supplier<Set<LinkKey>> keys,
            String world,
            Loop loop,
            Supplier<Instant> clock,
            Consumer<DuplicateLinkException> onDuplicate) {
        this.registration = registration;
        this.keys = keys;
        this.world = world;
        this.loop = loop;
        this.clock = clock;
        this.onDuplicate = onDuplicate;
    }

    /** Completes when the link may connect. */
    CompletionStage<Void> turn() {
        if (node == null) {
            return CompletableFuture.completedFuture(null); // A newcomer itself.
        }
        CompletableFuture<Void> others = JvmNewcomers.known(world).toCompletableFuture();
        if (!others.isDone()) {
            Loop.Timer limit = loop.schedule(PATIENCE_NANOS, () -> others.complete(null));
            var unused = others.whenComplete((nothing, failure) -> limit.cancel());
        }
        return others;
    }

    void connecting() {
        connecting = clock.get();
    }

    /** The connection stands. */
    void connected() {
        if (node == null && !registration.options().viaShare()) {
            CompletableFuture<Void> mine = JvmNewcomers.enter(world);
            told = mine;
            Loop.Timer limit = loop.schedule(PATIENCE_NANOS, () -> mine.complete(null));
            var unused = mine.whenComplete((nothing, failure) -> limit.cancel());
        }
    }

    /**
     * The node has told who it is.
     *
     * @return why this link must not have it
     */
    Optional<String> identified(MyNodeInfo info) {
        if (registration.options().viaShare()) {
            return Optional.empty();
        }
        LinkKey next = key(info);
        LinkKey former = node;
        if (former != null && !former.equals(next)) {
            node = null;
            JvmClaims.forgetAliases(registration.claim());
            JvmClaims.release(Set.of(former), registration.claim());
        }
        Optional<JvmClaims.Refusal> refusal = JvmClaims.claim(Set.of(next), registration.claim());
        if (refusal.isPresent()) {
            return Optional.of(refused(next, refusal.get()));
        }
        node = next;
        wasEverKnown = true;
        gaveWayTo = null;
        registration.claim().sighted();
        if (told != null) {
            told.complete(null);
        }
        return Optional.empty();
    }

    private LinkKey key(MyNodeInfo info) {
        byte[] device = DeviceId.of(info).toByteArray();
        String name = device.length > 0 ? HexFormat.of().formatHex(device) : new NodeId(info.getMyNodeNum()).toString();
        return new LinkKey(SCHEME, name + world);
    }

    /**
     * A newcomer goes. A link that has had another node before lets the other have its turn first, which may find another node as well: two
     * nodes may have changed their addresses. If that one has seen the node since, this link goes.
     */
    private String refused(LinkKey key, JvmClaims.Refusal refusal) {
        elsewhere = refusal;
        boolean hasHadItsTurn = refusal.other().equals(gaveWayTo) && refusal.sightings() > sightings;
        if (!wasEverKnown || hasHadItsTurn) {
            JvmClaims.handOver(keys.get(), registration.claim(), refusal.other(), key);
            DuplicateLinkException duplicate = LinkTable.sameNode(registration.endpoint(), refusal);
            loop.execute(() -> onDuplicate.accept(duplicate));
        }
        gaveWayTo = refusal.other();
        sightings = refusal.sightings();
        return "it is the node of " + refusal.endpoint() + ", which this program has a link to";
    }

    /** There is no connection any more. */
    void disconnected() {
        if (told != null) {
            told.complete(null);
            told = null;
        }
        JvmClaims.Refusal first = elsewhere;
        if (first != null) {
            elsewhere = null;
            first.displaced(registration.endpoint().toString(), connecting);
        }
    }
}
