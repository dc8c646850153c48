package dev.meshlease.testkit;

import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store that frees what is lost before its holder's connection has ended. */
record Hasty(LinkClaims store) implements LinkClaims {
    @Override
    public String name() {
        return store.name();
    }

    @Override
    public CompletionStage<ClaimAnswer> claim(LinkKey key, ClaimHolder self, ClaimListener listener) {
        return store.claim(key, self, new ClaimListener() {
            @Override
            public CompletionStage<Void> suspended(String why) {
                return listener.suspended(why);
            }

            @Override
            public CompletionStage<Void> lost(String why) {
                var unused = listener.lost(why);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void restored() {
                listener.restored();
            }
        });
    }

    @Override
    public void close() {
        store.close();
    }
}
