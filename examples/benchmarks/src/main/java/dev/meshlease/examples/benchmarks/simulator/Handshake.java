package dev.meshlease.examples.benchmarks.simulator;

import dev.meshlease.examples.benchmarks.harness.Comparison;
import dev.meshlease.examples.benchmarks.harness.Median;
import dev.meshlease.examples.benchmarks.harness.Pair;
import dev.meshlease.examples.benchmarks.harness.Target;
import dev.meshlease.examples.benchmarks.raw.RawClient;
import dev.meshlease.examples.benchmarks.raw.RawNode;
import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;

/**
 * How long a client waits for the state of a node that knows 250 others, from its question to {@code config_complete_id}. The same client
 * asks both sides, again and again on one connection: what a node takes to accept a connection is behaviour and does not count.
 */
public final class Handshake implements Comparison {
    private static final int OTHERS = 250;
    private static final int HANDSHAKES = 500;

    @Override
    public String name() {
        return "simulator.handshake";
    }

    @Override
    public String summary() {
        return "handshake with a simulated node of 250 others / the same bytes from a plain thread in one write";
    }

    @Override
    public Target target() {
        return Target.atMost(5);
    }

    @Override
    public boolean isConfined() {
        return true;
    }

    @Override
    public Pair pair() throws IOException {
        return new Sessions();
    }

    private static final class Sessions implements Pair {
        private final SimulatedNode node = PromptNode.start(OTHERS);
        private final RawClient ofNode;
        private final RawNode raw;
        private final RawClient ofRaw;
        private final int stateBytes;

        Sessions() throws IOException {
            ofNode = RawClient.connect(node.endpoint());
            ofNode.handshake();
            byte[] state = ofNode.state();
            stateBytes = state.length;
            int unused = ofNode.handshake(); // behind its first answer a node says once that its radio has room
            raw = RawNode.start(state);
            ofRaw = RawClient.connect(raw.port());
        }

        @Override
        public double baseline() throws IOException {
            return medianNanos(ofRaw);
        }

        @Override
        public double candidate() throws IOException {
            return medianNanos(ofNode);
        }

        private double medianNanos(RawClient client) throws IOException {
            double[] nanos = new double[HANDSHAKES];
            for (int i = 0; i < HANDSHAKES; i++) {
                long start = System.nanoTime();
                int read = client.handshake();
                nanos[i] = System.nanoTime() - start;
                if (read != stateBytes) {
                    throw new IOException("A state of " + read + " bytes where " + stateBytes + " were expected");
                }
            }
            return Median.of(nanos);
        }

        @Override
        public void close() throws IOException {
            ofNode.close();
            ofRaw.close();
            raw.close();
            node.close();
        }
    }
}
