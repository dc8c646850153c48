package dev.meshlease.examples.benchmarks.simulator;

import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;

/** The simulated node without the pauses it makes because real ones do: they are behaviour, not cost. */
final class PromptNode {
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private PromptNode() {}

    static SimulatedNode start(int others) {
        return SimulatedNode.builder()
                .nodes(others)
                .with(Switch.ACTIVE_POLL, AT_ONCE)
                .with(Switch.IDLE_POLL, AT_ONCE)
                .start();
    }
}
