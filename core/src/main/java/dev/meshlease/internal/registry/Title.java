package dev.meshlease.internal.registry;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link's right to its keys in a store that is shared with other programs. Loop only.
 *
 * <p>Keys are asked for one after the other, and only by one asker at a time; whoever comes meanwhile waits. What a store answers too late
 * is given back.
 */
final class Title {
    /** What came of asking. */
    sealed interface Outcome {
        /** All keys are this link's. */
        record Valid() implements Outcome {}

        /** Somebody else has one. */
        record Held(String store, LinkKey key, ClaimHolder by) implements Outcome {
            @Override
            public String toString() {
                return "its claim in the store '" + store + "' is held by process " + by.pid() + " (" + by.program()
                        + ") on " + by.host() + ", for " + String.join(", ", by.holders());
            }
        }

        /** Nobody can say. */
        record Unknown(String why) implements Outcome {
            @Override
            public String toString() {
                return why;
            }
        }
    }

    /**
     * @param granted what was granted for it, to be given back if the rest is not
     */
    private record Request(Set<LinkKey> keys, Consumer<Outcome> then, List<LinkKey> granted) {}

    private static final Logger LOG = LoggerFactory.getLogger(Title.class);
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final @Nullable LinkClaims store;
    private final Loop loop;
    private final Supplier<ClaimHolder> self;
    private final Wire wire;
    private final Map<LinkKey, Claim> claims = new HashMap<>();
    private final Map<LinkKey, String> suspended = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private boolean asking;
    private boolean over;

    /** What follows from the loss of a claim. On the loop. */
    interface Wire {
        /** Nothing may be connected under it any more; the stage completes when nothing is. */
        CompletionStage<Void> claimLost(String why);

        void claimRestored();
    }

    Title(@Nullable LinkClaims store, Loop loop, Supplier<ClaimHolder> self, Wire wire) {
        this.store = store;
        this.loop = loop;
        this.self = self;
        this.wire = wire;
    }

    /** Asks for what is missing of these keys. The answer comes at once where nothing is; else later, on the loop. */
    void take(Set<LinkKey> keys, Consumer<Outcome> then) {
        if (store == null) {
            then.accept(new Outcome.Valid());
            return;
        }
        requests.add(new Request(keys, then, new ArrayList<>()));
        if (!asking) {
            next(store);
        }
    }

    private void next(LinkClaims from) {
        if (requests.isEmpty()) {
            return;
        }
        Request request = requests.get(0);
        TreeSet<LinkKey> missing = new TreeSet<>(request.keys());
        missing.removeAll(claims.keySet());
        String why = request.keys().stream()
                .map(suspended::get)
                .filter(each -> each != null)
                .findFirst()
                .orElse(null);
        if (over) {
            done(from, new Outcome.Unknown("the link is closed"));
        } else if (why != null) {
            done(from, new Outcome.Unknown("its claim in the store '" + from.name() + "' is suspended: " + why));
        } else if (missing.isEmpty()) {
            done(from, new Outcome.Valid());
        } else {
            asking = true;
            ask(from, missing.first());
        }
    }

    private void done(LinkClaims from, Outcome outcome) {
        asking = false;
        Request request = requests.remove(0);
        if (!(outcome instanceof Outcome.Valid)) {
            Set<LinkKey> kept = new HashSet<>(claims.keySet());
            request.granted().forEach(kept::remove);
            keepOnly(kept);
        }
        request.then().accept(outcome);
        if (!asking) {
            next(from);
        }
    }

    private void ask(LinkClaims from, LinkKey key) {
        Answer answer = new Answer(from, key);
        answer.limit = loop.schedule(ANSWER_NANOS, () -> answer.came(null, null));
        CompletionStage<ClaimAnswer> stage;
        try {
            stage = from.claim(key, self.get(), answer);
        } catch (RuntimeException | Error failure) {
            stage = CompletableFuture.failedStage(failure);
        }
        stage.whenComplete((given, failure) -> post(() -> answer.came(given, failure)));
    }

    private void post(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.trace("The registry is closed", closed);
        }
    }

    /** Who holds it has changed. */
    void describe() {
        claims.values().forEach(claim -> {
            try {
                claim.describe(self.get());
            } catch (RuntimeException | Error failure) {
                LOG.warn("A store of claims failed to describe one", failure);
            }
        });
    }

    /** Gives back all but these. The stage completes when others may have them. */
    CompletionStage<Void> keepOnly(Set<LinkKey> current) {
        Set<LinkKey> others = new HashSet<>(claims.keySet());
        others.removeAll(current);
        suspended.keySet().retainAll(current);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (LinkKey key : others) {
            Claim claim = claims.remove(key);
            if (claim != null) {
                ends.add(release(claim));
            }
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    /** Gives all back, for good. */
    CompletionStage<Void> end() {
        over = true;
        return keepOnly(Set.of());
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    private static CompletableFuture<Void> release(Claim claim) {
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

    /** What a store says to one question, and of the claim afterwards. */
    private final class Answer implements ClaimListener {
        private final LinkClaims from;
        private final LinkKey key;
        private Loop.@Nullable Timer limit;
        private @Nullable Claim claim;
        private boolean came;

        Answer(LinkClaims from, LinkKey key) {
            this.from = from;
            this.key = key;
        }

        void came(@Nullable ClaimAnswer answer, @Nullable Throwable failure) {
            if (came || over) {
                if (answer instanceof ClaimAnswer.Granted granted) {
                    var unused = release(granted.claim());
                }
                if (came) {
                    return;
                }
            }
            came = true;
            if (limit != null) {
                limit.cancel();
            }
            if (answer instanceof ClaimAnswer.Granted granted && !over) {
                claim = granted.claim();
                claims.put(key, granted.claim());
                requests.get(0).granted().add(key);
                next(from);
            } else if (answer instanceof ClaimAnswer.Refused refused) {
                done(from, new Outcome.Held(from.name(), key, refused.by()));
            } else {
                String why = failure == null ? "no answer within 10 s" : String.valueOf(failure.getMessage());
                done(from, new Outcome.Unknown("the store '" + from.name() + "' did not grant the claim: " + why));
            }
        }

        private boolean isCurrent() {
            Claim granted = claim;
            return granted != null && granted.equals(claims.get(key));
        }

        private CompletionStage<Void> gone(Runnable change, String why) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            try {
                loop.execute(() -> {
                    if (isCurrent()) {
                        change.run();
                        wire.claimLost(why).whenComplete((nothing, failure) -> end.complete(null));
                    } else {
                        end.complete(null);
                    }
                });
            } catch (RejectedExecutionException closed) {
                end.complete(null); // With the registry its connections have ended.
            }
            return end;
        }

        @Override
        public CompletionStage<Void> suspended(String why) {
            return gone(
                    () -> suspended.put(key, why), "its claim in the store '" + from.name() + "' is suspended: " + why);
        }

        @Override
        public CompletionStage<Void> lost(String why) {
            return gone(
                    () -> {
                        claims.remove(key);
                        suspended.remove(key);
                    },
                    "its claim in the store '" + from.name() + "' was lost: " + why);
        }

        @Override
        public void restored() {
            post(() -> {
                if (isCurrent() && suspended.remove(key) != null) {
                    wire.claimRestored();
                }
            });
        }
    }
}
