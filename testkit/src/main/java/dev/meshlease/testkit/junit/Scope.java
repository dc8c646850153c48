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
    private @Nullable LinkRegistry registry;

    Scope(Simulated.Face face, @Nullable Scope parent) {
        this.face = face;
        this.parent = parent;
    }

    synchronized SimulatedNode start(Simulated rules, Function<Scope, SimulatedNode> starting) {
        SimulatedNode node = starting.apply(this);
        nodes.push(new Judgement(node, rules));
        return node;
    }

    /** Has it seen to at the end that the library's threads of now are all there are. */
    synchronized void watchThreads() {
        if (knownRegistry() == null) {
            threads = LibraryThreads.now();
        }
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
        LinkRegistry known = knownRegistry();
        if (known == null) {
            known = face == Simulated.Face.TCP
                    ? LinkRegistry.create()
                    : environment().registry();
            registry = known;
        }
        return known;
    }

    private synchronized @Nullable VirtualEnvironment knownEnvironment() {
        VirtualEnvironment outer = parent == null ? null : parent.knownEnvironment();
        return outer != null ? outer : environment;
    }

    private synchronized @Nullable LinkRegistry knownRegistry() {
        LinkRegistry outer = parent == null ? null : parent.knownRegistry();
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

    /** Registry first, then the nodes, last one first; then whatever is due because of that. Each is looked at before it ends. */
    @Override
    public synchronized void close() {
        List<Runnable> steps = new ArrayList<>();
        if (registry != null) {
            LinkRegistry closing = registry;
            registry = null;
            if (nodes.stream().anyMatch(each -> each.rules().strict())) {
                steps.add(() -> requireNoLeases(closing));
            }
            steps.add(() -> close(closing));
        }
        nodes.forEach(each -> steps.add(each::pass));
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
        runAll(steps);
    }

    private static void requireNoLeases(LinkRegistry registry) {
        List<String> open = registry.links().stream()
                .flatMap(link -> link.leases().stream().map(lease -> "'" + lease.holder() + "' of " + link.endpoint()))
                .toList();
        if (!open.isEmpty()) {
            throw new AssertionError("Leases are still open: " + String.join(", ", open));
        }
    }

    private void runAll(List<Runnable> steps) {
        IllegalStateException failure = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException | AssertionError e) {
                if (failure == null) {
                    failure = new IllegalStateException(
                            "What the test left behind did not end well: " + e.getMessage(), e);
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

    private static void close(LinkRegistry registry) {
        registry.close();
        if (!registry.links().isEmpty()) {
            throw new IllegalStateException(
                    "The registry did not close within its time limit. It still has:\n" + registry.describe());
        }
    }
}
