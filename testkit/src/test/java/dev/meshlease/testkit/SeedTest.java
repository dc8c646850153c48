package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.internal.realtime.RealTimeHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SeedTest {
    /** Packet ids are a matter of chance. */
    private static List<Integer> idsOfTexts(SimulatedNodeBuilder builder, long environmentSeed) {
        VirtualEnvironment environment = VirtualEnvironment.create(environmentSeed);
        List<Integer> ids = new ArrayList<>();
        try (SimulatedNode node = builder.number(new NodeId(0x1234)).nodes(1).start(environment);
                var registry = environment.registry()) {
            var lease = registry.acquire(node.endpoint(), "test");
            lease.subscribe(texts(), packet -> ids.add(packet.id()));
            lease.ready().await(Duration.ofSeconds(30));
            node.peers().get(0).says("one");
            node.peers().get(0).says("two");
            environment.advance(Duration.ofSeconds(5));
        }
        assertThat(ids).hasSize(2);
        return ids;
    }

    private static SimulatedNodeBuilder builder() {
        return SimulatedNode.builder();
    }

    @Test
    void in_memory_chance_is_that_of_the_environment() {
        assertThat(idsOfTexts(builder(), 3)).isEqualTo(idsOfTexts(builder(), 3)).isNotEqualTo(idsOfTexts(builder(), 4));
        try (SimulatedNode node = builder().start(VirtualEnvironment.create(3))) {
            assertThat(node.seed()).isEqualTo(3);
        }
    }

    @Test
    void a_seed_of_its_own_outranks_that_of_the_environment() {
        assertThat(idsOfTexts(builder().seed(9), 3))
                .isEqualTo(idsOfTexts(builder().seed(9), 4))
                .isNotEqualTo(idsOfTexts(builder().seed(8), 3));
        try (SimulatedNode node = builder().seed(9).start(VirtualEnvironment.create(3))) {
            assertThat(node.seed()).isEqualTo(9);
            assertThat(node).asString().endsWith("at " + node.endpoint() + " (seed 9)");
        }
    }

    @Test
    void in_real_time_chance_is_that_of_the_seed() {
        assertThat(drawn(5)).isEqualTo(drawn(5)).isNotEqualTo(drawn(6));
    }

    private static List<Integer> drawn(long seed) {
        RealTimeHost host = RealTimeHost.start(seed);
        try {
            RandomGenerator random = host.random();
            return List.of(random.nextInt(), random.nextInt());
        } finally {
            host.stop();
        }
    }

    @Test
    void a_node_in_real_time_has_the_seed_that_was_given_or_one_of_its_own() {
        try (SimulatedNode given = builder().seed(-5).start();
                SimulatedNode one = builder().start();
                SimulatedNode other = builder().start()) {
            assertThat(given.seed()).isEqualTo(-5);
            assertThat(one.seed()).isNotEqualTo(other.seed());
        }
    }
}
