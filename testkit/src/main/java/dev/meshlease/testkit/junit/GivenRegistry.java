package dev.meshlease.testkit.junit;

import dev.meshlease.LeaseInfo;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.VirtualEnvironment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A registry that tests are given, and what they do not have to answer for of what is open in it. */
final class GivenRegistry {
    private final LinkRegistry registry;
    private final Runnable giveBackDropped;
    private final Set<Long> before = new HashSet<>();
    private final Set<Long> told = new HashSet<>();

    /** An open lease. */
    private record Open(String endpoint, LeaseInfo lease) {
        @Override
        public String toString() {
            return "'" + lease.holder() + "' of " + endpoint;
        }
    }

    /** @param giveBackDropped has what was found dropped without being closed reported */
    private GivenRegistry(LinkRegistry registry, Runnable giveBackDropped) {
        this.registry = registry;
        this.giveBackDropped = giveBackDropped;
    }

    static GivenRegistry in(VirtualEnvironment environment) {
        return new GivenRegistry(environment.registry(), () -> {
            var unused = environment.giveBackDropped();
            environment.settle();
        });
    }

    static GivenRegistry ofTheSystem() {
        PatientEnvironment environment = new PatientEnvironment();
        LinkRegistry registry =
                LinkRegistry.builder().environment(environment).leakStacks(true).build();
        return new GivenRegistry(registry, environment::giveBackDropped);
    }

    LinkRegistry registry() {
        return registry;
    }

    /** A test begins: the leases of now are not its own. */
    void begin() {
        before.clear();
        open().forEach(each -> before.add(each.lease.number()));
    }

    /**
     * A test is over, the registry goes on.
     *
     * @throws AssertionError if leases of the test are open; once for each
     */
    void requireNoMore() {
        List<Open> more = new ArrayList<>(open());
        more.removeIf(each -> before.contains(each.lease.number()));
        require(more);
    }

    /**
     * All is over.
     *
     * @throws AssertionError if leases are open and that was not told before
     */
    void requireNone() {
        require(new ArrayList<>(open()));
    }

    private void require(List<Open> none) {
        none.removeIf(each -> !told.add(each.lease.number()));
        if (!none.isEmpty()) {
            AssertionError failure = new AssertionError("Leases are still open: "
                    + String.join(", ", none.stream().map(Open::toString).toList()));
            none.forEach(each -> each.lease.acquiredFrom().ifPresent(failure::addSuppressed));
            throw failure;
        }
    }

    private List<Open> open() {
        return registry.links().stream()
                .flatMap(link -> link.leases().stream()
                        .map(lease -> new Open(link.endpoint().toString(), lease)))
                .toList();
    }

    /** What nobody judges is at least warned of. */
    void reportDropped() {
        giveBackDropped.run();
    }

    void close() {
        registry.close();
        if (!registry.links().isEmpty()) {
            throw new AssertionError(
                    "The registry did not close within its time limit. It still has:\n" + registry.describe());
        }
    }
}
