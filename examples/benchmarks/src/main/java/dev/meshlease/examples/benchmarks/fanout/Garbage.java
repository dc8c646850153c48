package dev.meshlease.examples.benchmarks.fanout;

import dev.meshlease.examples.benchmarks.harness.Allocation;
import dev.meshlease.examples.benchmarks.harness.Bound;
import dev.meshlease.examples.benchmarks.harness.Count;
import dev.meshlease.examples.benchmarks.harness.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * What all threads allocate for a packet beyond what the packet itself takes: that is measured with one listener on the link's own thread,
 * for which nothing is handed over.
 */
public final class Garbage implements Bound {
    private static final int[] LEASES = {1, 8, 64, 512};
    private static final int WARM_UP_LAPS = 40;
    private static final int LAPS = 20;

    @Override
    public String name() {
        return "fanout.alloc";
    }

    @Override
    public String summary() {
        return "bytes allocated for a packet beyond itself, the most for 1, 8, 64 and 512 leases";
    }

    @Override
    public Target target() {
        return Target.atMost(64);
    }

    @Override
    public Count count() {
        long itself = bytesPerPacket(1, true);
        long most = 0;
        List<String> each = new ArrayList<>();
        for (int leases : LEASES) {
            long beyond = Math.max(0, bytesPerPacket(leases, false) - itself);
            most = Math.max(most, beyond);
            each.add(leases + ":" + beyond);
        }
        return new Count("bytes", most, "leases=" + String.join(",", each) + " packet=" + itself);
    }

    private static long bytesPerPacket(int leases, boolean isInline) {
        try (Crowd crowd = new Crowd(leases, null, isInline, false)) {
            crowd.deliveriesPerSecond(WARM_UP_LAPS);
            Allocation allocation = Allocation.ofAllThreads();
            crowd.deliveriesPerSecond(LAPS);
            return allocation.bytes() / ((long) LAPS * Corpus.FRAMES);
        }
    }
}
