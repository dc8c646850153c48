package dev.meshlease.examples.benchmarks.fanout;

import dev.meshlease.examples.benchmarks.harness.Comparison;
import dev.meshlease.examples.benchmarks.harness.Pair;
import dev.meshlease.examples.benchmarks.harness.Target;
import dev.meshlease.examples.benchmarks.raw.RawRelay;
import java.io.IOException;

/** One link to 64 leases in the same program, against a relay that does one write for each frame and client, as network proxies do. */
public final class ToManyLeases implements Comparison {
    private static final int LEASES = 64;
    private static final int LAPS = 60;

    @Override
    public String name() {
        return "fanout.64";
    }

    @Override
    public String summary() {
        return "packets given to 64 leases a second / to 64 sockets by a relay that writes each";
    }

    @Override
    public Target target() {
        return Target.atLeast(50);
    }

    @Override
    public Pair pair() throws IOException {
        RawRelay relay = RawRelay.start(LEASES);
        Crowd crowd = Crowd.of(LEASES);
        return new Pair() {
            @Override
            public double baseline() throws IOException {
                return relay.deliveriesPerSecond(Corpus.bytes(), Corpus::offset, Corpus.FRAMES / 4);
            }

            @Override
            public double candidate() {
                return crowd.deliveriesPerSecond(LAPS);
            }

            @Override
            public void close() throws IOException {
                crowd.close();
                relay.close();
            }
        };
    }
}
