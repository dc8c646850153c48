package dev.meshlease.internal.registry;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.spi.LinkKey;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a link's address leads to, those it led to before and has not given back, and whether a shared store grants them.
 *
 * <p><b>Threading:</b> the loop only, but for {@link #all}, {@link #isSettled} and {@link #refusal}, which anybody may read.
 */
final class LinkKeys {
    private final Endpoint endpoint;
    private final Title title;
    private final Consumer<Set<LinkKey>> releaseOthers;
    private final Consumer<DuplicateLinkException> onRefusal;
    private Set<LinkKey> current;
    private boolean hasBeenClaimed;

    private volatile Set<LinkKey> all;
    private volatile boolean settled;
    private volatile @Nullable DuplicateLinkException refusal;

    /**
     * @param title the right to them in the shared store
     * @param releaseOthers gives back in this JVM all but these
     * @param onRefusal told if the store does not let the link be opened
     */
    LinkKeys(
            Endpoint endpoint,
            Set<LinkKey> keys,
            Title title,
            Consumer<Set<LinkKey>> releaseOthers,
            Consumer<DuplicateLinkException> onRefusal) {
        this.endpoint = endpoint;
        this.all = Set.copyOf(keys);
        this.current = this.all;
        this.title = title;
        this.releaseOthers = releaseOthers;
        this.onRefusal = onRefusal;
    }

    Set<LinkKey> all() {
        return all;
    }

    /** Why the shared store did not let the link be opened. */
    @Nullable
    DuplicateLinkException refusal() {
        return refusal;
    }

    /** Whether the shared store has answered, if there is one. */
    boolean isSettled() {
        return settled;
    }

    /** Asks for those that the link was made for. */
    void settle() {
        take(all, outcome -> settled = true);
    }

    /** Asks the shared store. Who is refused before he has ever had the link is closed; whoever has had it waits to have it again. */
    void take(Set<LinkKey> wanted, Consumer<Title.Outcome> then) {
        title.take(wanted, outcome -> {
            hasBeenClaimed |= outcome instanceof Title.Outcome.Valid;
            if (outcome instanceof Title.Outcome.Held held && !hasBeenClaimed && refusal == null) {
                DuplicateLinkException duplicate = new DuplicateLinkException(
                        DuplicateLinkException.Scope.STORE, held.key(), endpoint, null, held.by(), null);
                refusal = duplicate;
                onRefusal.accept(duplicate);
            }
            then.accept(outcome);
        });
    }

    /** The address leads to these now; those it led to before stay. */
    void claimed(Set<LinkKey> found) {
        current = Set.copyOf(found);
        Set<LinkKey> both = new TreeSet<>(all);
        both.addAll(found);
        all = Set.copyOf(both);
    }

    /** The node is there, so what the address no longer leads to is given back. */
    void keepCurrent() {
        all = current;
        releaseOthers.accept(current);
        title.keepOnly(current);
    }

    /** Tells the shared store who holds the link. */
    void describe() {
        title.describe();
    }

    /** Whether the shared store has nothing to be given back. */
    boolean isReleased() {
        return title.isEmpty();
    }

    /** Gives all back to the shared store, for good. The stage completes when others may have it. */
    CompletionStage<Void> release() {
        return title.end();
    }
}
