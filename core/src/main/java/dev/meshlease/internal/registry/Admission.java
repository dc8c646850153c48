package dev.meshlease.internal.registry;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkOptions;
import dev.meshlease.internal.link.Due;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Target;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One caller's way from a spelling to a link: look the name up, then decide on the loop whose it is. A name that is not found in time is
 * claimed by its text; the link itself goes on looking.
 */
final class Admission<R> {
    /** What the caller wants of the link, done on the loop while nobody can come in between. */
    interface Decision<R> {
        /** The keys belong to this link already. */
        R existing(SharedLink link, LinkKey key);

        /** Nobody has them. */
        R none(Set<LinkKey> keys);

        /** The caller has gone away meanwhile: gives back what was made for it. From any thread. */
        default void undo(R made) {}
    }

    private record Outcome<R>(@Nullable R result, @Nullable RuntimeException failure) {}

    private final LinkTable table;
    private final Endpoint normal;
    private final Location location;
    private final Decision<R> decision;
    private final AtomicReference<@Nullable Outcome<R>> outcome = new AtomicReference<>();
    private Loop.@Nullable Timer limit; // Loop only.

    Admission(LinkTable table, Endpoint normal, Location location, Decision<R> decision) {
        this.table = table;
        this.normal = normal;
        this.location = location;
        this.decision = decision;
    }

    /** From the caller's thread. */
    void start(LinkOptions options) {
        CompletionStage<Target> target = location.lookUp();
        table.loop().execute(() -> {
            if (!isDecided()) {
                limit = table.loop().schedule(Due.nanos(options.settleTimeout()), () -> located(null));
            }
        });
        target.whenComplete((found, failure) -> {
            try {
                table.loop().execute(() -> located(found));
            } catch (RejectedExecutionException closed) {
                // The registry was closed meanwhile; the caller finds out by itself.
            }
        });
    }

    boolean isDecided() {
        return outcome.get() != null;
    }

    /** Nobody waits for it any more: what it would have made is not made, and what it has made is undone. */
    void abandon() {
        if (!outcome.compareAndSet(null, new Outcome<>(null, new CancellationException("Nobody waits for it")))) {
            undo(outcome.get());
        }
    }

    private void undo(@Nullable Outcome<R> decided) {
        R made = decided == null ? null : decided.result();
        if (made != null) {
            decision.undo(made);
        }
    }

    /** Once decided. */
    @Nullable
    R result() {
        Outcome<R> decided = outcome.get();
        if (decided == null) {
            throw new IllegalStateException("Not decided yet");
        }
        RuntimeException failure = decided.failure();
        if (failure != null) {
            failure.fillInStackTrace(); // It was made on the loop; its reader looks for the call that failed.
            throw failure;
        }
        return decided.result();
    }

    private void located(@Nullable Target target) {
        if (limit != null) {
            limit.cancel();
            limit = null;
        }
        if (isDecided()) {
            return;
        }
        Outcome<R> decided;
        try {
            decided = new Outcome<>(decide(target), null);
        } catch (RuntimeException failure) {
            decided = new Outcome<>(null, failure);
        }
        if (!outcome.compareAndSet(null, decided)) {
            undo(decided);
        }
    }

    private R decide(@Nullable Target target) {
        Set<LinkKey> keys = target == null ? Set.of(byText()) : target.keys();
        Optional<SharedLink> existing = table.holding(keys);
        if (existing.isPresent()) {
            SharedLink link = existing.get();
            table.remember(normal, link);
            LinkKey shared = keys.stream()
                    .filter(link.keys()::contains)
                    .sorted()
                    .findFirst()
                    .orElseGet(this::byText);
            return decision.existing(link, shared);
        }
        if (target != null) {
            location.found(target);
        }
        return decision.none(keys);
    }

    private LinkKey byText() {
        return new LinkKey(normal.scheme(), normal.address());
    }
}
