package dev.meshlease.testkit.contract;

import dev.meshlease.spi.ClaimListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a holder is told of its claim, in order. */
final class ToldListener implements ClaimListener {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> reasons = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended;

    /** Its connection has ended as soon as it has to. */
    ToldListener() {
        this(CompletableFuture.completedFuture(null));
    }

    /** Its connection has ended when the stage is complete. */
    ToldListener(CompletableFuture<Void> ended) {
        this.ended = ended;
    }

    @Override
    public CompletionStage<Void> suspended(String why) {
        return note("suspended", why);
    }

    @Override
    public CompletionStage<Void> lost(String why) {
        return note("lost", why);
    }

    private CompletionStage<Void> note(String what, String why) {
        reasons.add(why);
        told.add(what);
        return ended;
    }

    @Override
    public void restored() {
        told.add("restored");
    }

    /** A snapshot. */
    List<String> told() {
        return List.copyOf(told);
    }

    List<String> reasons() {
        return List.copyOf(reasons);
    }

    boolean has(String what) {
        return told.contains(what);
    }
}
