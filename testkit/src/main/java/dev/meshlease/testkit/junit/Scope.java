package dev.meshlease.testkit.junit;

import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualEnvironment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** What the extension made for one test, or for all tests of a class. */
@SuppressWarnings("deprecation") // JUnit before 5.13 closes nothing else of its own accord
final class Scope implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    /*
     * Scopes stand inside each other like JUnit's contexts. Environment and registry are those of the outermost scope that has one when
     * they are asked for, so a class's node, a test's node and the registry share one time.
     *
     * The extension closes a scope itself, after the user's last method, so that whatever goes wrong is the test's failure; the store
     * does it again for what was made where no such callback follows.
     */
    private final Simulated.Face face;
    private final @Nullable Scope parent;
    private final Deque<Judgement> nodes = new ArrayDeque<>();
    private @Nullable LibraryThreads threads;
    private @Nullable VirtualEnvironment environment;
    private @Nullable GivenRegistry registry;

    Scope(Simulated.Face face, @Nullable Scope parent) {
        this.face = face;
        this.parent = parent;
    }

    synchronized SimulatedNode start(Simulated rules, Function<Scope, SimulatedNode> starting) {
        SimulatedNode node = starting.apply(this);
        nodes.push(new Judgement(node, rules));
        return node;
    }

    synchronized VirtualEnvironment environment() {
        if (face != Simulated.Face.MEMORY) {
            throw new ParameterResolutionException(
                    "There is no virtual time where nodes are on TCP. Leave out face = TCP, or the parameter.");
        }
        VirtualEnvironment known = knownEnvironment();
        if (known == null) {
            known = VirtualEnvironment.create();
            environment = known;
        }
        return known;
    }

    synchronized LinkRegistry registry() {
        GivenRegistry known = knownRegistry();
        if (known == null) {
            known = face == Simulated.Face.TCP ? GivenRegistry.ofTheSystem() : GivenRegistry.in(environment());
            registry = known;
        }
        return known.registry();
    }

    private synchronized @Nullable VirtualEnvironment knownEnvironment() {
        VirtualEnvironment outer = parent == null ? null : parent.knownEnvironment();
        return outer != null ? outer : environment;
    }

    private synchronized @Nullable GivenRegistry knownRegistry() {
        GivenRegistry outer = parent == null ? null : parent.knownRegistry();
        return outer != null ? outer : registry;
    }

    /** Adds what was said, and a way to have a failure again. */
    synchronized void explain(Throwable thrown) {
        addSeed(thrown);
        for (Scope scope = this; scope != null; scope = scope.parent) {
            scope.nodes.forEach(each -> thrown.addSuppressed(new Told(each.node())));
        }
    }

    private void addSeed(Throwable thrown) {
        VirtualEnvironment known = knownEnvironment();
        if (known != null) {
            thrown.addSuppressed(new VirtualRun(known));
        }
    }

    /**
     * A test begins that runs alone: what is there already, in the scopes around its own, is not its doing, and the library's threads of
     * now are all that may be there at its end.
     */
    synchronized void beginAlone() {
        if (knownRegistry() == null) {
            threads = LibraryThreads.now();
        }
        if (parent != null) {
            parent.begin();
        }
    }

    private synchronized void begin() {
        if (registry != null) {
            registry.begin();
        }
        nodes.forEach(Judgement::begin);
        if (parent != null) {
            parent.begin();
        }
    }

    /** A test is over that ran alone: its own things end, and it is looked at what it did to those that go on. */
    synchronized void closeAlone() {
        List<Runnable> steps = steps();
        boolean strict = isStrict();
        for (Scope around = parent; around != null; around = around.parent) {
            around.addLooks(steps, strict);
        }
        runAll(steps);
    }

    private synchronized void addLooks(List<Runnable> steps, boolean strict) {
        if (registry != null && strict) {
            steps.add(registry::requireNoMore);
        }
        nodes.forEach(each -> steps.add(() -> each.betweenTests(hasLinks())));
    }

    /** Whether there is a registry that goes on with a link, be it in its linger. */
    private boolean hasLinks() {
        GivenRegistry known = knownRegistry();
        return known != null && !known.registry().links().isEmpty();
    }

    /** Whether a node of this scope or one around it is strict. */
    private synchronized boolean isStrict() {
        return nodes.stream().anyMatch(Judgement::isStrict) || (parent != null && parent.isStrict());
    }

    /** All ends. */
    @Override
    public synchronized void close() {
        runAll(steps());
    }

    /** Registry first, then the nodes, last one first; then whatever is due because of that. Each is looked at before it ends. */
    private List<Runnable> steps() {
        List<Runnable> steps = new ArrayList<>();
        if (registry != null) {
            steps.add(isStrict() ? registry::requireNone : registry::reportDropped);
            steps.add(registry::close);
            registry = null;
        }
        nodes.forEach(each -> steps.add(() -> each.atTheEnd(hasLinks())));
        nodes.forEach(each -> steps.add(each.node()::close));
        nodes.clear();
        VirtualEnvironment known = knownEnvironment();
        if (known != null) {
            steps.add(known::settle);
        }
        if (threads != null) {
            steps.add(threads::requireNoOthers);
            threads = null;
        }
        return steps;
    }

    private void runAll(List<Runnable> steps) {
        AssertionError failure = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException | AssertionError e) {
                if (failure == null) {
                    failure = new AssertionError("What the test left behind did not end well: " + e.getMessage(), e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            addSeed(failure);
            throw failure;
        }
    }
}
