package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.LinkRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MuteClientsTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().start(environment);

    private MemoryClient client() {
        return MemoryClient.open(environment, node.endpoint().address());
    }

    @Test
    void who_leaves_without_a_word_is_counted() {
        client().closes();
        client().aborts();
        environment.advance(Duration.ofSeconds(1));

        assertThat(node.muteConnections()).isEqualTo(2);
        assertThat(node.accepted()).isEqualTo(2);
    }

    @Test
    void who_says_a_single_byte_is_not() {
        MemoryClient client = client();
        client.writes(new byte[] {0});
        environment.advance(Duration.ofSeconds(1));
        client.closes();
        environment.advance(Duration.ofSeconds(1));

        assertThat(node.muteConnections()).isZero();
    }

    @Test
    void who_was_silent_for_a_second_when_the_node_ended_it_is_counted() {
        client();
        environment.advance(Duration.ofSeconds(2));
        node.disconnectClient();

        assertThat(node.muteConnections()).isEqualTo(1);
    }

    @Test
    void a_rival_is_not() {
        node.evictClient();

        assertThat(node.muteConnections()).isZero();
    }

    @Test
    void a_link_that_is_closed_at_any_moment_of_its_start_is_never_mute() {
        for (int micros = 0; micros < 200_000; micros += 2_000) {
            try (LinkRegistry links = environment.registry()) {
                var unused = links.acquire(node.endpoint(), "bot");
                environment.advance(Duration.ofNanos(micros * 1_000L));
            }
            environment.advance(Duration.ofSeconds(1));
        }

        assertThat(node.muteConnections()).isZero();
        assertThat(node.offences()).isEmpty();
    }
}
