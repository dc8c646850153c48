package dev.meshlease.examples.benchmarks.fanout;

import dev.meshlease.examples.benchmarks.harness.Comparison;
import dev.meshlease.examples.benchmarks.harness.Pair;
import dev.meshlease.examples.benchmarks.harness.Target;

/** 63 leases beside one whose listener never returns, against the same without that one. */
public final class BesideAStuckOne implements Comparison {
    private static final int HEALTHY = 63;
    private static final int LAPS = 40;

    @Override
    public String name() {
        return "fanout.stall";
    }

    @Override
    public String summary() {
        return "packets given to 63 leases a second beside a stuck one / with none stuck";
    }

    @Override
    public Target target() {
        return Target.atLeast(0.9);
    }

    @Override
    public Pair pair() {
        Crowd healthy = Crowd.of(HEALTHY);
        Crowd beside = Crowd.besideStuckOne(HEALTHY);
        return new Pair() {
            @Override
            public double baseline() {
                return healthy.deliveriesPerSecond(LAPS);
            }

            @Override
            public double candidate() {
                return beside.deliveriesPerSecond(LAPS);
            }

            @Override
            public void close() {
                healthy.close();
                beside.close();
            }
        };
    }
}
