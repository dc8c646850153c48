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
 * The keys that a link's address leads to, those it led to before and has not given back, and whether this machine's other programs and
 * a shared store leave them to it.
 *
 * <p><b>Threading:</b> the loop only, but for {@link #all}, {@link #isSettled} and {@link #refusal}, which anybody may read.
 */
final class LinkKeys {
    private final Endpoint endpoint;
    private final Title machine;
    private final Title store;
    private final Consumer<Set<LinkKey>> releaseOthers;
    private final Consumer<DuplicateLinkException> onRefusal;
    private Set<LinkKey> current;
    private boolean hasBeenClaimed;

    private volatile Set<LinkKey> all;
    private volatile boolean settled;
    private volatile @Nullable DuplicateLinkException refusal;

    /**
     * @param machine the right to them among this machine's programs, asked for first
     * @param store the right to them in the shared store
     * @param releaseOthers gives back in this JVM all but these
     * @param onRefusal told if one of the two does not let the link be opened
     */
    LinkKeys(
            Endpoint endpoint,
            Set<LinkKey> keys,
            Title machine,
            Title store,
            Consumer<Set<LinkKey>> releaseOthers,
            Consumer<DuplicateLinkException> onRefusal) {
        this.endpoint = endpoint;
        this.all = Set.copyOf(keys);
        this.current = this.all;
        this.machine = machine;
        this.store = store;
        this.releaseOthers = releaseOthers;
        this.onRefusal = onRefusal;
    }

    Set<LinkKey> all() {
        return all;
    }

    /** What its address leads to, as far as that is known. */
    Set<LinkKey> current() {
        return current;
    }

    /** Why another program's claim did not let the link be opened. */
    @Nullable
    DuplicateLinkException refusal() {
        return refusal;
    }

    /** Whether machine and shared store have answered. */
    boolean isSettled() {
        return settled;
    }

    /**
     * Asks for those that the link was made for.
     *
     * @param areLocated whether they are what the address leads to; if they are its text, to have them is not to have the link
     */
    void settle(boolean areLocated) {
        take(all, areLocated, outcome -> settled = true);
    }

    /**
     * Asks machine and shared store. Who is refused before he has ever had the link is closed; whoever has had it waits to have it again,
     * and keeps meanwhile what the other one has granted.
     */
    void take(Set<LinkKey> wanted, Consumer<Title.Outcome> then) {
        take(wanted, true, then);
    }

    private void take(Set<LinkKey> wanted, boolean isTheLink, Consumer<Title.Outcome> then) {
        machine.take(wanted, first -> {
            if (first instanceof Title.Outcome.Valid) {
                store.take(wanted, second -> {
                    hasBeenClaimed |= isTheLink && second instanceof Title.Outcome.Valid;
                    judge(second, DuplicateLinkException.Scope.STORE);
                    then.accept(second);
                });
            } else {
                judge(first, DuplicateLinkException.Scope.MACHINE);
                then.accept(first);
            }
        });
    }

    private void judge(Title.Outcome outcome, DuplicateLinkException.Scope scope) {
        if (outcome instanceof Title.Outcome.Held held && !hasBeenClaimed && refusal == null) {
            DuplicateLinkException duplicate =
                    new DuplicateLinkException(scope, held.key(), endpoint, null, held.by(), null);
            refusal = duplicate;
            onRefusal.accept(duplicate);
        }
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
        machine.keepOnly(current);
        store.keepOnly(current);
    }

    /** Tells machine and shared store who holds the link. */
    void describe() {
        machine.describe();
        store.describe();
    }

    /** Whether there is nothing to be given back to either. */
    boolean isReleased() {
        return machine.isEmpty() && store.isEmpty();
    }

    /** Gives all back to both, for good. The stage completes when others may have it. */
    CompletionStage<Void> release() {
        return store.end().thenCombine(machine.end(), (one, other) -> null);
    }
}
