package dev.meshlease.examples.benchmarks.simulator;

import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;

/**
 * The simulated node without the pauses it makes because real ones do: they are behaviour, not cost. So is the wait for a client to make room
 * in the send buffer of a small board.
 */
final class PromptNode {
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private static final int ROOM_FOR_THE_STATE = 64 * 1024;

    private PromptNode() {}

    static SimulatedNode start(int others) {
        return SimulatedNode.builder()
                .nodes(others)
                .with(Switch.ACTIVE_POLL, AT_ONCE)
                .with(Switch.IDLE_POLL, AT_ONCE)
                .with(Switch.SEND_BUFFER, ROOM_FOR_THE_STATE)
                .start();
    }
}
