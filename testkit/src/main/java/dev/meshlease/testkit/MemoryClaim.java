package dev.meshlease.testkit;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkKey;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A claim that a {@link MemoryClaims} granted. What is not final is guarded by the store's {@link Words}. */
final class MemoryClaim implements Claim {
    final ClaimingProgram program;
    final LinkKey key;
    private final MemoryClaims store;
    private final Instant since;
    private final ClaimListener listener;
    private final CompletableFuture<Void> freed = new CompletableFuture<>();
    /** As the store knows it. */
    ClaimHolder holder;
    /** What the store has not heard of yet. */
    private @Nullable ClaimHolder news;

    private boolean released;
    private boolean lost;
    private boolean suspended;

    MemoryClaim(
            MemoryClaims store,
            ClaimingProgram program,
            LinkKey key,
            ClaimHolder self,
            Instant since,
            ClaimListener listener) {
        this.store = store;
        this.program = program;
        this.key = key;
        this.since = since;
        this.listener = listener;
        this.holder = granted(self);
    }

    private ClaimHolder granted(ClaimHolder self) {
        return new ClaimHolder(self.host(), self.pid(), self.program(), self.holders(), since);
    }

    /** As other programs see it. */
    ClaimHolder shown() {
        return new ClaimHolder(
                program.host(holder.host()), holder.pid(), holder.program(), holder.holders(), holder.since());
    }

    @Override
    public void describe(ClaimHolder self) {
        ClaimHolder described = granted(self);
        store.words().change(() -> {
            news = described;
            if (program.reaches()) {
                hear();
            }
        });
    }

    private void hear() {
        ClaimHolder heard = news;
        if (heard != null) {
            holder = heard;
            news = null;
        }
    }

    @Override
    public CompletionStage<Void> release() {
        store.words().change(() -> released = true);
        store.after(
                program.delay(),
                () -> store.words().change(() -> {
                    if (program.reaches()) {
                        free();
                    }
                }));
        return freed.copy();
    }

    /** Under the lock, as everything below. */
    private void free() {
        store.free(this);
        store.words().add(() -> freed.complete(null));
    }

    void suspend(String why) {
        if (released || lost || suspended) {
            return;
        }
        suspended = true;
        store.words().add(() -> {
            if (isOfInterest()) {
                var unused = listener.suspended(why);
            }
        });
    }

    void restore() {
        if (lost || !suspended) {
            return;
        }
        suspended = false;
        store.words().add(() -> {
            if (isOfInterest()) {
                listener.restored();
            }
        });
    }

    /** The program reaches the store again. */
    void reachable() {
        hear();
        if (released) {
            free();
        } else {
            restore();
        }
    }

    CompletableFuture<Void> lose(String why) {
        if (released) {
            free();
        } else if (!lost) {
            lost = true;
            store.words().add(() -> tellLoss(why));
        }
        return freed;
    }

    private void tellLoss(String why) {
        CompletionStage<Void> ended = CompletableFuture.completedStage(null);
        try {
            if (isOfInterest()) {
                ended = listener.lost(why);
            }
        } finally {
            var unused = ended.whenComplete((nothing, failure) -> store.words().change(this::free));
        }
    }

    private boolean isOfInterest() {
        return store.words().read(() -> !released);
    }
}
