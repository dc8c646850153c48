package dev.meshlease.examples.benchmarks.fanout;

import dev.meshlease.examples.benchmarks.harness.Allocation;
import dev.meshlease.examples.benchmarks.harness.Bound;
import dev.meshlease.examples.benchmarks.harness.Count;
import dev.meshlease.examples.benchmarks.harness.Median;
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
    private static final int SAMPLES = 9;

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
        long most = Long.MIN_VALUE;
        List<String> each = new ArrayList<>();
        double[] itself = new double[SAMPLES * LEASES.length];
        int at = 0;
        for (int leases : LEASES) {
            try (Crowd one = Crowd.inline(1);
                    Crowd crowd = Crowd.of(leases)) {
                one.deliveriesPerSecond(WARM_UP_LAPS);
                crowd.deliveriesPerSecond(WARM_UP_LAPS);
                double[] beyond = new double[SAMPLES];
                for (int i = 0; i < SAMPLES; i++) {
                    double packet = bytesPerPacket(one);
                    itself[at++] = packet;
                    beyond[i] = bytesPerPacket(crowd) - packet;
                }
                long typical = Math.round(Median.of(beyond));
                most = Math.max(most, typical);
                each.add(leases + ":" + typical);
            }
        }
        return new Count(
                "bytes", most, "leases=" + String.join(",", each) + " packet=" + Math.round(Median.of(itself)));
    }

    private static double bytesPerPacket(Crowd crowd) {
        Allocation allocation = Allocation.ofAllThreads();
        crowd.deliveriesPerSecond(LAPS);
        return (double) allocation.bytes() / (LAPS * Corpus.FRAMES);
    }
}
