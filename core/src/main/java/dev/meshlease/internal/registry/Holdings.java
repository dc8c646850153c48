package dev.meshlease.internal.registry;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.LinkKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one store has granted a link, and what of that it doubts. Loop only. */
final class Holdings {
    private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);

    private final Supplier<ClaimHolder> self;
    private final Map<LinkKey, Claim> claims = new HashMap<>();
    private final Map<LinkKey, String> doubts = new HashMap<>();

    /** @param self who holds them now */
    Holdings(Supplier<ClaimHolder> self) {
        this.self = self;
    }

    boolean has(LinkKey key) {
        return claims.containsKey(key);
    }

    /** Whether it is this claim, and no later one, by which the key is held. */
    boolean has(LinkKey key, @Nullable Claim claim) {
        return claim != null && claim.equals(claims.get(key));
    }

    Set<LinkKey> keys() {
        return Set.copyOf(claims.keySet());
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    void add(LinkKey key, Claim claim) {
        claims.put(key, claim);
        describe(claim); // Holders may have come since it was asked for.
    }

    /** It was taken away. */
    void lose(LinkKey key) {
        claims.remove(key);
        doubts.remove(key);
    }

    void doubt(LinkKey key, String why) {
        doubts.put(key, why);
    }

    /** False if there was no doubt. */
    boolean trust(LinkKey key) {
        return doubts.remove(key) != null;
    }

    /** Why one of these is in doubt. */
    Optional<String> doubt(Set<LinkKey> keys) {
        return keys.stream().filter(doubts::containsKey).map(doubts::get).findFirst();
    }

    /** Who holds them has changed. */
    void describe() {
        claims.values().forEach(this::describe);
    }

    private void describe(Claim claim) {
        try {
            claim.describe(self.get());
        } catch (RuntimeException | Error failure) {
            LOG.warn("A store of claims failed to describe one", failure);
        }
    }

    /** Gives back all but these. The stage completes when others may have them. */
    CompletionStage<Void> keepOnly(Set<LinkKey> current) {
        Set<LinkKey> others = new HashSet<>(claims.keySet());
        others.removeAll(current);
        doubts.keySet().retainAll(current);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (LinkKey key : others) {
            Claim claim = claims.remove(key);
            if (claim != null) {
                ends.add(release(claim));
            }
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    /** Completes in any case. From any thread. */
    static CompletableFuture<Void> release(Claim claim) {
        try {
            return claim.release().toCompletableFuture().exceptionally(failure -> {
                LOG.warn("A store of claims failed to release one", failure);
                return null;
            });
        } catch (RuntimeException | Error failure) {
            LOG.warn("A store of claims failed to release one", failure);
            return CompletableFuture.completedFuture(null);
        }
    }
}
