package dev.meshlease.testkit;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store of claims that does what a test says. */
final class SharedClaims implements LinkClaims {
    static final ClaimHolder OTHER =
            new ClaimHolder("far away", 4711, "other-bot", List.of("echo"), Instant.parse("2026-01-01T00:00:00Z"));

    final Map<LinkKey, ClaimListener> granted = new HashMap<>();
    final List<String> holders = new ArrayList<>();
    boolean heldByOther;
    boolean silent;
    boolean broken;
    boolean losesAtOnce;
    int asked;
    private final List<Runnable> unanswered = new ArrayList<>();

    @Override
    public String name() {
        return "test";
    }

    @Override
    public CompletionStage<ClaimAnswer> claim(LinkKey key, ClaimHolder self, ClaimListener listener) {
        asked++;
        if (broken) {
            throw new IllegalStateException("no quorum");
        }
        if (silent) {
            CompletableFuture<ClaimAnswer> late = new CompletableFuture<>();
            unanswered.add(() -> late.complete(answer(key, self, listener)));
            return late;
        }
        return CompletableFuture.completedStage(answer(key, self, listener));
    }

    /** Gives the answers that it has not given. */
    void speaksUp() {
        silent = false;
        List.copyOf(unanswered).forEach(Runnable::run);
        unanswered.clear();
    }

    private ClaimAnswer answer(LinkKey key, ClaimHolder self, ClaimListener listener) {
        if (heldByOther || granted.containsKey(key)) {
            return new ClaimAnswer.Refused(heldByOther ? OTHER : self);
        }
        if (losesAtOnce) {
            var unused = listener.lost("gone again");
        } else {
            granted.put(key, listener);
        }
        return new ClaimAnswer.Granted(new Claim() {
            @Override
            public void describe(ClaimHolder changed) {
                holders.clear();
                holders.addAll(changed.holders());
            }

            @Override
            public CompletionStage<Void> release() {
                granted.remove(key, listener);
                return CompletableFuture.completedStage(null);
            }
        });
    }

    /** The one that was granted. */
    ClaimListener listener() {
        return granted.values().iterator().next();
    }

    /** Somebody else takes it. */
    CompletionStage<Void> lose(String why) {
        ClaimListener former = listener();
        granted.clear();
        heldByOther = true;
        return former.lost(why);
    }

    @Override
    public void close() {}
}
