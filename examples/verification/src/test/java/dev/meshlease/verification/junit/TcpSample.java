package dev.meshlease.verification.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.junit.Simulated;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node on TCP, in one instance for all tests. {@link JUnitVersionsIT} runs it: two tests, both pass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TcpSample {
    @Simulated(face = Simulated.Face.TCP)
    SimulatedNode node;

    @Test
    void is_reached(LinkRegistry links) {
        reach(links);
    }

    @Test
    void is_reached_again(LinkRegistry links) {
        reach(links);
    }

    private void reach(LinkRegistry links) {
        links.acquire(node.endpoint(), "sample").ready().await(Duration.ofSeconds(30));
        assertEquals(1, node.accepted());
    }
}
