package dev.meshlease.testkit;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store that grants everything, and of which one thing does not work. */
final class ObstructedClaims implements LinkClaims {
    private final Obstacle obstacle;

    ObstructedClaims(Obstacle obstacle) {
        this.obstacle = obstacle;
    }

    @Override
    public String name() {
        return "obstructed";
    }

    @Override
    public CompletionStage<ClaimAnswer> claim(LinkKey key, ClaimHolder self, ClaimListener listener) {
        return obstacle == Obstacle.STORE_NEVER_ANSWERS
                ? new CompletableFuture<>()
                : CompletableFuture.completedStage(new ClaimAnswer.Granted(new Granted()));
    }

    @Override
    public void close() {}

    private final class Granted implements Claim {
        @Override
        public CompletionStage<Void> release() {
            if (obstacle == Obstacle.STORE_FAILS_TO_RELEASE) {
                throw new IllegalStateException("cannot release");
            }
            return obstacle == Obstacle.STORE_NEVER_RELEASES
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(null);
        }
    }
}
