package dev.meshlease.examples.benchmarks.fanout;

import dev.meshlease.examples.benchmarks.harness.Allocation;
import dev.meshlease.examples.benchmarks.harness.Comparison;
import dev.meshlease.examples.benchmarks.harness.Pair;
import dev.meshlease.examples.benchmarks.harness.Target;

/**
 * What a packet costs 64 leases, against one: in bytes allocated until the listeners have it, which is what parsing is made of (a packet
 * parsed for each lease would cost 64 times as much), and which no neighbour on the machine can change.
 */
public final class Sharing implements Comparison {
    private static final int LEASES = 64;
    private static final int LAPS = 5;

    @Override
    public String name() {
        return "frame.share64";
    }

    @Override
    public String summary() {
        return "bytes allocated to parse a packet for 64 leases / for one";
    }

    @Override
    public Target target() {
        return Target.atMost(1.2);
    }

    @Override
    public Pair pair() {
        Crowd one = Crowd.parsing(1);
        Crowd many = Crowd.parsing(LEASES);
        return new Pair() {
            @Override
            public double baseline() {
                return bytes(one);
            }

            @Override
            public double candidate() {
                return bytes(many);
            }

            @Override
            public void close() {
                one.close();
                many.close();
            }
        };
    }

    private static double bytes(Crowd crowd) {
        Allocation allocation = Allocation.ofAllThreads();
        crowd.deliveriesPerSecond(LAPS);
        return allocation.bytes();
    }
}
