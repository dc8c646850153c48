package dev.meshlease.internal.registry;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
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
 * <p>Keys are asked for one after the other, and only by one asker at a time; whoever comes meanwhile waits. What a store grants too late
 * for the one who asked is kept for the next.
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
                return "its claim in " + store + " is held by " + by.process()
                        + (by.holders().isEmpty() ? "" : ", for " + String.join(", ", by.holders()));
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
    private static final int MOST_QUESTIONS = 8;
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final @Nullable LinkClaims store;
    private final Supplier<String> called;
    private final Loop loop;
    private final Supplier<ClaimHolder> self;
    private final Wire wire;
    private final Holdings holdings;
    private final List<Request> requests = new ArrayList<>();
    private final Set<Answer> open = new LinkedHashSet<>();
    // What the link's address leads to, as far as it is known.
    private final Set<LinkKey> wanted = new HashSet<>();
    // Of the first request.
    private @Nullable LinkKey awaited;
    private @Nullable Answer asked;
    private Loop.@Nullable Timer limit;
    private boolean asking;
    private boolean over;

    /** What follows from the loss of a claim. On the loop. */
    interface Wire {
        /** Nothing may be connected under it any more; the stage completes when nothing is. */
        CompletionStage<Void> claimLost(String why);

        void claimRestored();
    }

    /**
     * @param store where to ask; nowhere if null, and then all is granted
     * @param called the store, for people
     */
    Title(@Nullable LinkClaims store, Supplier<String> called, Loop loop, Supplier<ClaimHolder> self, Wire wire) {
        this.store = store;
        this.called = called;
        this.loop = loop;
        this.self = self;
        this.wire = wire;
        this.holdings = new Holdings(self);
    }

    /** Asks for what is missing of these keys. The answer comes at once where nothing is; else later, on the loop. */
    void take(Set<LinkKey> keys, Consumer<Outcome> then) {
        if (store == null) {
            then.accept(new Outcome.Valid());
            return;
        }
        wanted.addAll(keys);
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
        missing.removeAll(holdings.keys());
        String why = holdings.doubt(request.keys()).orElse(null);
        if (over) {
            done(from, new Outcome.Unknown("the link is closed"));
        } else if (why != null) {
            done(from, new Outcome.Unknown("its claim in " + called.get() + " is suspended: " + why));
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
            Set<LinkKey> kept = new HashSet<>(holdings.keys());
            request.granted().forEach(kept::remove);
            var unused = holdings.keepOnly(kept);
        }
        request.then().accept(outcome);
        if (!asking) {
            next(from);
        }
    }

    private void ask(LinkClaims from, LinkKey key) {
        awaited = key;
        limit = loop.schedule(ANSWER_NANOS, () -> {
            awaited = null;
            done(from, notGranted("no answer within 10 s"));
        });
        Answer answer = new Answer(from, key);
        asked = answer;
        open.add(answer);
        if (open.size() > MOST_QUESTIONS) {
            open.remove(open.iterator().next()); // That it will ever be answered is not to be expected.
        }
        question(from, key, answer).whenComplete((given, failure) -> {
            try {
                loop.execute(() -> answer.came(given, failure));
            } catch (RejectedExecutionException closed) { // By then nobody is left who would give it back.
                if (given instanceof ClaimAnswer.Granted late) {
                    var unused = Holdings.release(late.claim());
                }
            }
        });
    }

    private CompletionStage<ClaimAnswer> question(LinkClaims from, LinkKey key, Answer answer) {
        try {
            return Objects.requireNonNull(from.claim(key, self.get(), answer), "the store gave no stage");
        } catch (RuntimeException | Error failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private Outcome notGranted(String why) {
        return new Outcome.Unknown(called.get() + " did not grant the claim: " + why);
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
        holdings.describe();
    }

    /** Gives back all but these. The stage completes when others may have them. */
    CompletionStage<Void> keepOnly(Set<LinkKey> current) {
        wanted.retainAll(current);
        return holdings.keepOnly(current);
    }

    /** Gives all back, for good; what is still asked for as soon as it comes. The stage completes when others may have it all. */
    CompletionStage<Void> end() {
        over = true;
        CompletableFuture<?>[] answers =
                open.stream().map(answer -> answer.settled).toArray(CompletableFuture[]::new);
        return keepOnly(Set.of()).thenCombine(CompletableFuture.allOf(answers), (one, other) -> null);
    }

    /** Whether there is nothing to give back. */
    boolean isEmpty() {
        return holdings.isEmpty() && open.isEmpty();
    }

    /** What a store says to one question, and of the claim afterwards; the latter may come first. */
    private final class Answer implements ClaimListener {
        private final LinkClaims from;
        private final LinkKey key;
        private final CompletableFuture<Void> settled = new CompletableFuture<>();
        private @Nullable Claim claim;
        private @Nullable String lostBefore;
        private @Nullable String suspendedBefore;

        Answer(LinkClaims from, LinkKey key) {
            this.from = from;
            this.key = key;
        }

        void came(@Nullable ClaimAnswer answer, @Nullable Throwable failure) {
            open.remove(this);
            if (answer instanceof ClaimAnswer.Granted granted) {
                granted(granted.claim());
            } else {
                settled.complete(null);
            }
            boolean isOfUse = this == asked || holdings.has(key);
            if (!key.equals(awaited) || !isOfUse) {
                return; // Nobody waits for it any more, or yet.
            }
            awaited = null;
            if (limit != null) {
                limit.cancel();
            }
            if (holdings.has(key)) {
                requests.get(0).granted().add(key);
                next(from);
            } else {
                done(from, outcome(answer, failure));
            }
        }

        private void granted(Claim given) {
            if (over || lostBefore != null || holdings.has(key) || !wanted.contains(key)) {
                var unused = Holdings.release(given).whenComplete((nothing, failed) -> settled.complete(null));
                return;
            }
            claim = given;
            holdings.add(key, given);
            if (suspendedBefore != null) {
                holdings.doubt(key, suspendedBefore);
            }
            settled.complete(null);
        }

        private Outcome outcome(@Nullable ClaimAnswer answer, @Nullable Throwable failure) {
            if (answer instanceof ClaimAnswer.Refused refused) {
                ClaimHolder by = refused.by();
                // The JVM's own table has let us through: it is what an earlier link of ours has not given back yet.
                boolean isOurs = by.pid() == ThisProcess.PID && by.host().equals(ThisProcess.HOST);
                return isOurs
                        ? notGranted("it is still being given back by this program")
                        : new Outcome.Held(called.get(), key, by);
            }
            String lost = lostBefore;
            return notGranted(
                    lost != null ? lost : failure == null ? "no answer" : String.valueOf(failure.getMessage()));
        }

        private boolean isCurrent() {
            return holdings.has(key, claim);
        }

        private CompletionStage<Void> gone(Runnable change, Runnable early, String why) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            try {
                loop.execute(() -> {
                    if (isCurrent()) {
                        change.run();
                        wire.claimLost(why).whenComplete((nothing, failure) -> end.complete(null));
                        return;
                    }
                    if (claim == null) {
                        early.run();
                    }
                    end.complete(null);
                });
            } catch (RejectedExecutionException closed) {
                end.complete(null); // With the registry its connections have ended.
            }
            return end;
        }

        @Override
        public CompletionStage<Void> suspended(String why) {
            return gone(
                    () -> holdings.doubt(key, why),
                    () -> suspendedBefore = why,
                    "its claim in " + called.get() + " is suspended: " + why);
        }

        @Override
        public CompletionStage<Void> lost(String why) {
            return gone(
                    () -> holdings.lose(key),
                    () -> lostBefore = why,
                    "its claim in " + called.get() + " was lost: " + why);
        }

        @Override
        public void restored() {
            post(() -> {
                suspendedBefore = null;
                if (isCurrent() && holdings.trust(key)) {
                    wire.claimRestored();
                }
            });
        }
    }
}
