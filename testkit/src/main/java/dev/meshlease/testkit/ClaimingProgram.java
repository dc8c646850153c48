package dev.meshlease.testkit;

import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A program that uses a {@link MemoryClaims}, and its way to that store. Given to a registry by
 * {@link dev.meshlease.LinkRegistryBuilder#claims}.
 *
 * <p><b>Threading:</b> as {@link MemoryClaims}.
 */
public final class ClaimingProgram implements LinkClaims {
    private final MemoryClaims store;
    private final @Nullable String host;
    private final String view;
    // Guarded by the store's words:
    private final List<Question> open = new ArrayList<>();
    private Duration delay = Duration.ZERO;
    private @Nullable String unreachable;
    private boolean withholding;
    private boolean closed;
    private int asked;
    private @Nullable MachineEnvironment machine;

    ClaimingProgram(MemoryClaims store, @Nullable String host) {
        this.store = store;
        this.host = host;
        this.view = host == null ? "" : " seen from " + host;
    }

    /** A question that has not been answered. */
    private record Question(
            LinkKey key, ClaimHolder self, ClaimListener listener, CompletableFuture<ClaimAnswer> answer) {}

    @Override
    public String name() {
        return "memory";
    }

    /**
     * The way to the same simulated nodes for a registry on this program's machine. Its keys are the machine's own, so that registries of one
     * JVM do not find each other in the JVM's table before they ask the store; the store sees one key for all machines. There is none such
     * to nodes on a network: what may connect to those is for the JVM's table to say.
     *
     * @param real the transport of the environment that has the nodes; a program without a host of its own has it as it is
     */
    public Transport transport(MemoryTransport real) {
        Objects.requireNonNull(real, "real");
        return host == null ? real : new ViewedTransport(real, view);
    }

    /**
     * The environment for a registry on this program's machine, with the same time and the same nodes: what the registries of a JVM tell each
     * other of nodes behind two names, they tell on one machine only.
     *
     * @param real the environment that has the nodes, always the same one; a program without a host of its own has it as it is
     */
    public Environment environment(VirtualEnvironment real) {
        if (host == null) {
            return real;
        }
        return store.words().read(() -> {
            MachineEnvironment known = machine;
            if (known == null || known.world() != real) {
                known = new MachineEnvironment(real);
                machine = known;
            }
            return known;
        });
    }

    @Override
    public CompletionStage<ClaimAnswer> claim(LinkKey key, ClaimHolder self, ClaimListener listener) {
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(listener, "listener");
        var question = new Question(stored(key), self, listener, new CompletableFuture<>());
        store.words().change(() -> {
            asked++;
            open.add(question);
        });
        store.after(
                delay(),
                () -> store.words().change(() -> {
                    if (!withholding) {
                        decide(question);
                    }
                }));
        return question.answer().copy();
    }

    private LinkKey stored(LinkKey key) {
        String address = key.address();
        return address.endsWith(view)
                ? new LinkKey(key.scheme(), address.substring(0, address.length() - view.length()))
                : key;
    }

    /** Under the lock. */
    private void decide(Question question) {
        if (!open.remove(question)) {
            return; // The program was closed meanwhile.
        }
        String why = closed ? "The program has closed its store." : unreachable;
        if (why != null) {
            fail(question, why);
            return;
        }
        ClaimAnswer answer = store.decide(this, question.key(), question.self(), question.listener());
        store.words().add(() -> question.answer().complete(answer));
    }

    private void fail(Question question, String why) {
        store.words().add(() -> question.answer().completeExceptionally(new IOException(why)));
    }

    /**
     * Has the store doubt all claims of this program until {@link #restore()}; it goes on answering questions.
     *
     * @param why for the holders
     */
    public void suspend(String why) {
        Objects.requireNonNull(why, "why");
        store.words().change(() -> store.of(this).forEach(claim -> claim.suspend(why)));
    }

    /** Has the store confirm the claims again that it doubted. Nothing happens while the program is {@link #cut} off. */
    public void restore() {
        store.words().change(() -> {
            if (unreachable == null) {
                store.of(this).forEach(MemoryClaim::restore);
            }
        });
    }

    /**
     * Takes all claims of this program away.
     *
     * @param why for the holders
     * @return completes when others may have them
     */
    public CompletionStage<Void> lose(String why) {
        Objects.requireNonNull(why, "why");
        return store.lose(claim -> claim.program == this, why);
    }

    /**
     * Cuts the program off the store: its claims are suspended, questions fail, and what it gives back is free only after {@link #mend()}
     * or {@link #lose}.
     *
     * @param why for the holders and in the failures
     */
    public void cut(String why) {
        Objects.requireNonNull(why, "why");
        store.words().change(() -> {
            unreachable = why;
            store.of(this).forEach(claim -> claim.suspend(why));
        });
    }

    /** Lets the program reach the store again: what it gave back meanwhile is free, what it holds is restored. */
    public void mend() {
        store.words().change(() -> {
            unreachable = null;
            store.of(this).forEach(MemoryClaim::reachable);
        });
    }

    /** Sets how long the store takes to answer and to take something back from now on. Default zero: before the call returns. */
    public void delay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("A store cannot answer before it is asked: " + delay + ".");
        }
        store.words().change(() -> this.delay = delay);
    }

    /** Keeps all answers back until {@link #answer()}. */
    public void withhold() {
        store.words().change(() -> withholding = true);
    }

    /** Decides and answers what was kept back, and answers again from now on. */
    public void answer() {
        store.words().change(() -> {
            withholding = false;
            List.copyOf(open).forEach(this::decide);
        });
    }

    /** How many questions this program has asked. */
    public int asked() {
        return store.words().read(() -> asked);
    }

    /** Its holders are told that they lost what they still have; open questions and later ones fail. Idempotent. */
    @Override
    public void close() {
        store.words().change(() -> {
            closed = true;
            unreachable = null;
            open.forEach(question -> fail(question, "The program has closed its store."));
            open.clear();
        });
        var unused = lose("the program has closed its store");
    }

    Duration delay() {
        return store.words().read(() -> delay);
    }

    /** Under the lock. */
    boolean reaches() {
        return unreachable == null;
    }

    /** The host that others are told. */
    String host(String own) {
        return host == null ? own : host;
    }
}
