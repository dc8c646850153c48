package dev.meshlease.examples.benchmarks.fanout;

import static dev.meshlease.message.PacketFilter.texts;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.examples.benchmarks.harness.Bound;
import dev.meshlease.examples.benchmarks.harness.Count;
import dev.meshlease.examples.benchmarks.harness.Target;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The heap that a lease takes that has a subscription and nothing to do; and the threads, of which there must be none, else it breaks. */
public final class IdleLease implements Bound {
    private static final int LEASES = 2_000;
    private static final int COLLECTIONS = 5;

    @Override
    public String name() {
        return "lease.idle";
    }

    @Override
    public String summary() {
        return "bytes of heap for each idle lease with a subscription, of 2,000";
    }

    @Override
    public Target target() {
        return Target.atMost(1_024);
    }

    @Override
    public Count count() {
        try (LinkRegistry links = LinkRegistry.builder()
                .transport(new Flood())
                .withoutMachineClaims() // Whose helper thread writes down, for a moment, who has come.
                .build()) {
            Lease first = links.acquire("flood://node", "first");
            var unused = first.ready().await(Duration.ofSeconds(30));
            List<Lease> leases = new ArrayList<>(LEASES);
            int threads = Thread.activeCount();
            long before = usedBytes();
            for (int i = 0; i < LEASES; i++) {
                Lease lease = links.acquire("flood://node", "idle");
                leases.add(lease);
                var unusedToo = lease.subscribe(texts(), packet -> {});
            }
            long bytes = (usedBytes() - before) / LEASES;
            int more = Thread.activeCount() - threads;
            if (more > 0) {
                throw new IllegalStateException(LEASES + " idle leases have " + more + " threads");
            }
            return new Count("bytes", bytes, "leases=" + leases.size() + " threads=0");
        }
    }

    private static long usedBytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
