package dev.meshlease.testkit;

import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store of claims in memory: what a ZooKeeper or a database is to programs on several machines, for a test. Each program has its own
 * way to it, which can be cut off, slow or silent.
 *
 * <pre>{@code
 * var store = MemoryClaims.create(environment);
 * ClaimingProgram attic = store.program("attic");
 * ClaimingProgram cellar = store.program("cellar");
 * LinkRegistry links = LinkRegistry.builder()
 *         .environment(attic.environment(environment))
 *         .transport(attic.transport(environment.transport()))
 *         .claims(attic)
 *         .build();
 * }</pre>
 *
 * <p>A claim that is taken away stays taken until its holder's connection has ended, however long that is: a holder that does not end it
 * shows in {@link #held()}.
 *
 * <p><b>Threading:</b> safe from any thread. Listeners are told, and stages completed, on the thread that gave the order, or one of the
 * store's that waited for it; one after the other, in the order in which things happened.
 */
public final class MemoryClaims {
    private final Clockwork clock;
    private final Words words = new Words();
    // Guarded by words:
    private final Map<LinkKey, MemoryClaim> claims = new HashMap<>();
    private @Nullable ClaimHolder stranger;

    /** What delays are measured by. */
    interface Clockwork {
        Instant now();

        void later(long nanos, Runnable task);
    }

    private MemoryClaims(Clockwork clock) {
        this.clock = clock;
    }

    /** A store in real time. */
    public static MemoryClaims create() {
        return new MemoryClaims(new Clockwork() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void later(long nanos, Runnable task) {
                CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(task);
            }
        });
    }

    /** A store in the time of an environment. */
    public static MemoryClaims create(VirtualEnvironment environment) {
        Timeline timeline = environment.transport().timeline();
        return new MemoryClaims(new Clockwork() {
            @Override
            public Instant now() {
                return timeline.instant();
            }

            @Override
            public void later(long nanos, Runnable task) {
                timeline.schedule(nanos, null, task);
            }
        });
    }

    /** One more program that uses the store, known by the host and the process id that its registry tells. */
    public ClaimingProgram program() {
        return new ClaimingProgram(this, null);
    }

    /**
     * One more program that uses the store, as if on another machine: so several registries of one JVM can contend for a node.
     *
     * @param host the machine's name, for those who are refused
     */
    public ClaimingProgram program(String host) {
        return new ClaimingProgram(this, Objects.requireNonNull(host, "host"));
    }

    /** Refuses every claim from now on, as held by somebody who is told in the refusals. What is granted stays so. */
    public void refuse(ClaimHolder by) {
        Objects.requireNonNull(by, "by");
        words.change(() -> stranger = by);
    }

    /** Ends {@link #refuse}. */
    public void admit() {
        words.change(() -> stranger = null);
    }

    /**
     * Takes one claim away. Nothing happens if nobody has it.
     *
     * @param why for the holder
     * @return completes when others may have it
     */
    public CompletionStage<Void> lose(LinkKey key, String why) {
        Objects.requireNonNull(why, "why");
        return lose(claim -> claim.key.equals(key), why);
    }

    /** Who holds what, with those whose claim was lost until their connection has ended. A snapshot. */
    public Map<LinkKey, ClaimHolder> held() {
        return words.read(() -> {
            Map<LinkKey, ClaimHolder> all = new HashMap<>();
            claims.forEach((key, claim) -> all.put(key, claim.shown()));
            return Map.copyOf(all);
        });
    }

    Words words() {
        return words;
    }

    /** Runs a task when as much time has passed; without any, at once and right here. */
    void after(Duration delay, Runnable task) {
        if (delay.isZero()) {
            task.run();
        } else {
            clock.later(delay.toNanos(), task);
        }
    }

    /** Under the lock. */
    ClaimAnswer decide(ClaimingProgram program, LinkKey key, ClaimHolder self, ClaimListener listener) {
        MemoryClaim current = claims.get(key);
        if (current != null) {
            return new ClaimAnswer.Refused(current.program == program ? current.holder : current.shown());
        }
        if (stranger != null) {
            return new ClaimAnswer.Refused(stranger);
        }
        MemoryClaim claim = new MemoryClaim(this, program, key, self, clock.now(), listener);
        claims.put(key, claim);
        return new ClaimAnswer.Granted(claim);
    }

    /** Under the lock. */
    boolean isHeld(MemoryClaim claim) {
        return claims.get(claim.key) == claim;
    }

    /** Under the lock. */
    void free(MemoryClaim claim) {
        claims.remove(claim.key, claim);
    }

    /** Under the lock. */
    List<MemoryClaim> of(ClaimingProgram program) {
        List<MemoryClaim> its = new ArrayList<>();
        claims.values().forEach(claim -> {
            if (claim.program == program) {
                its.add(claim);
            }
        });
        return its;
    }

    CompletionStage<Void> lose(Predicate<MemoryClaim> which, String why) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        words.change(
                () -> List.copyOf(claims.values()).stream().filter(which).forEach(claim -> ends.add(claim.lose(why))));
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }
}
