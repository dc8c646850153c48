package dev.meshlease.spi;

import java.util.concurrent.CompletionStage;

/** A claim that was granted. Called on the registry's loop: must not block. */
public interface Claim {
    /** Who holds it has changed: other holders. May do nothing. */
    default void describe(ClaimHolder self) {}

    /**
     * Gives it back, if it is still held; else nothing happens: a later holder keeps what it has. The stage completes when others may have
     * it; no {@link ClaimListener} call begins after that.
     */
    CompletionStage<Void> release();
}
