package dev.meshlease.examples.benchmarks.simulator;

import dev.meshlease.examples.benchmarks.harness.Bound;
import dev.meshlease.examples.benchmarks.harness.Count;
import dev.meshlease.examples.benchmarks.harness.Target;
import dev.meshlease.examples.benchmarks.raw.RawClient;
import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * How many threads 200 simulated nodes need to give 200 clients their state. The clients need none but the one that counts, so that each
 * thread that lives beyond those of before is a node's.
 */
public final class Threads implements Bound {
    private static final int NODES = 200;
    private static final int OTHERS = 10;

    @Override
    public String name() {
        return "simulator.threads";
    }

    @Override
    public String summary() {
        return "threads of 200 simulated nodes in one JVM while each gives its state to a client";
    }

    @Override
    public Target target() {
        return Target.atMost(20);
    }

    @Override
    public Count count() throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        threads.resetPeakThreadCount();
        int before = threads.getThreadCount();
        List<SimulatedNode> nodes = new ArrayList<>();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                nodes.add(PromptNode.start(OTHERS));
            }
            // All ask before the first is served, so that the nodes' accept polls pass together.
            for (SimulatedNode node : nodes) {
                RawClient client = RawClient.connect(node.endpoint());
                clients.add(client);
                client.ask();
            }
            for (RawClient client : clients) {
                client.readState();
            }
            return new Count("threads", threads.getPeakThreadCount() - before, "nodes=" + NODES);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
            nodes.forEach(SimulatedNode::close);
        }
    }
}
