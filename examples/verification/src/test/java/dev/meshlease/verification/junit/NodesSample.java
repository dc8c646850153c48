package dev.meshlease.verification.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualTime;
import dev.meshlease.testkit.junit.Simulated;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several nodes in virtual time, the test's and the class's. {@link JUnitVersionsIT} runs it: six tests, all pass. */
class NodesSample {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Set<SimulatedNode> earlier = new HashSet<>();
    private static LinkRegistry registryOfAnEarlierTest;

    @Simulated(nodes = 1)
    static SimulatedNode shared;

    @Simulated
    SimulatedNode one;

    @Simulated(nodes = 2)
    SimulatedNode two;

    @BeforeAll
    static void the_shared_node_is_there() {
        assertEquals(1, shared.peers().size());
    }

    @BeforeEach
    void the_tests_nodes_are_there(VirtualTime time) {
        assertNotNull(time.now());
        assertNotSame(one, two);
        assertEquals(2, two.peers().size());
    }

    /** If the first round's registry were still there, it would hold the shared node, and somebody would be evicted. */
    @RepeatedTest(2)
    void one_registry_reaches_all_nodes(LinkRegistry links) {
        for (SimulatedNode node : new SimulatedNode[] {shared, one, two}) {
            assertEquals(
                    node.id(),
                    links.acquire(node.endpoint(), "sample")
                            .ready()
                            .await(PATIENCE)
                            .id());
        }
        assertEquals(0, shared.evictions());
        assertEquals(1, one.accepted());
        assertTrue(earlier.add(one), "a node of its own");
        if (registryOfAnEarlierTest != null) {
            LinkRegistry closed = registryOfAnEarlierTest;
            assertThrows(LeaseClosedException.class, () -> closed.acquire(shared.endpoint(), "late"));
        }
        registryOfAnEarlierTest = links;
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "second"})
    void a_text_is_acknowledged(String text, LinkRegistry links) {
        links.acquire(two.endpoint(), "sample")
                .send(OutboundMessage.text(text).to(two.peers().get(0).id()).wantAck())
                .await(PATIENCE);
        assertEquals(1, two.sent().size());
    }

    @Test
    void hours_take_no_time(LinkRegistry links, VirtualTime time) {
        Instant before = time.now();
        links.acquire(one.endpoint(), "sample").ready().await(PATIENCE);
        time.advance(Duration.ofHours(2));
        assertTrue(Duration.between(before, time.now()).compareTo(Duration.ofHours(2)) >= 0);
        assertEquals(1, one.accepted());
    }

    @Nested
    class Inner {
        @Simulated
        SimulatedNode inner;

        @Test
        void sees_the_nodes_around_it(LinkRegistry links) {
            for (SimulatedNode node : new SimulatedNode[] {shared, one, inner}) {
                links.acquire(node.endpoint(), "inner").ready().await(PATIENCE);
            }
        }
    }
}
