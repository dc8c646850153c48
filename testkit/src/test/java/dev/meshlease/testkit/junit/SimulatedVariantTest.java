package dev.meshlease.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedVariantTest {
    @Simulated(variant = "rak4631-ethernet", firmware = "2.6")
    SimulatedNode node;

    @Test
    void a_field_says_which_node_it_is(LinkRegistry links) {
        try (Lease lease = links.acquire(node.endpoint(), "test")) {
            var metadata = lease.ready().await(Duration.ofMinutes(1)).metadata();

            assertThat(metadata.getFirmwareVersion()).startsWith("2.6");
            assertThat(metadata.getHwModel()).hasToString("RAK4631");
        }
    }
}
