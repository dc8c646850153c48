package dev.meshlease.testkit.assertj;

import dev.meshlease.Delivery;
import dev.meshlease.testkit.SimulatedNode;

/**
 * Where assertions begin:
 *
 * <pre>{@code
 * import static dev.meshlease.testkit.assertj.MeshleaseAssertions.assertThat;
 *
 * assertThat(node).received(text("pong").to(PEER)).acceptedExactlyOneClient().evicted(0);
 * }</pre>
 *
 * <p>They wait for what they assert: in virtual time up to 2 minutes, which take no time; over TCP up to 2 s. What may end by something
 * that is still on its way (a count, no packet, no client) must also stay so: for a second of virtual time, for 150 ms over TCP. A failure
 * shows what the node and its clients said to each other.
 */
public final class MeshleaseAssertions {
    private MeshleaseAssertions() {}

    /** Assertions on a node: who connected, and what clients sent. */
    public static SimulatedNodeAssert assertThat(SimulatedNode node) {
        return new SimulatedNodeAssert(node);
    }

    /** Assertions on what became of a message. */
    public static DeliveryAssert assertThat(Delivery delivery) {
        return new DeliveryAssert(delivery);
    }
}
