package dev.meshlease.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedFaultsTest {
    @Simulated(faults = {"reset:at=config_complete,times=2", "garbage:to=client,times=1+delay:by=10ms"})
    SimulatedNode node;

    @Test
    void strike_a_field_from_the_start(LinkRegistry links) {
        links.acquire(node.endpoint(), "test").ready().await(Duration.ofMinutes(5));

        assertThat(node.accepted()).isEqualTo(3);
        assertThat(node.faults().strikes()).isGreaterThan(3);
    }
}
