package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node's serial console in memory, as a place of its own. */
class MemoryConsoleTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node =
            SimulatedNode.builder().variant(Variant.serialConsole()).nodes(2).start(environment);
    private final String port = node.consoleEndpoint().address();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void it_is_beside_the_network_and_takes_nothing_from_it() {
        assertThat(node.consoleEndpoint()).isEqualTo(Endpoint.of("sim://node-1.console"));
        try (LinkRegistry links = environment.registry()) {
            Lease network = links.acquire(node.endpoint(), "network");
            LinkOptions notTheNodeItself =
                    links.defaults().toBuilder().viaShare(true).build(); // Else the guard would close it.
            Lease console = links.open(node.consoleEndpoint(), notTheNodeItself).acquire("console");
            network.ready().await(Duration.ofSeconds(30));
            console.ready().await(Duration.ofSeconds(30));
            environment.advance(Duration.ofMinutes(10));

            assertThat(network.status().losses()).isEmpty();
            assertThat(console.status().losses()).isEmpty();
            assertThat(node.accepted()).as("on the network").isOne();
        }
    }

    @Test
    void who_opens_it_while_it_is_open_is_reset_and_the_first_stays() {
        MemoryClient first = MemoryClient.open(environment, port);
        MemoryClient second = MemoryClient.open(environment, port);
        environment.advance(Duration.ofSeconds(1));

        assertThat(second.events).endsWith("closed RESET");
        assertThat(first.events).containsExactly("opened");
    }

    @Test
    void it_can_be_opened_again_once_it_is_closed_and_while_the_node_restarts() {
        MemoryClient first = MemoryClient.open(environment, port);
        first.closes();
        node.reboot();
        environment.advance(Duration.ofSeconds(1));
        MemoryClient second = MemoryClient.open(environment, port);
        environment.advance(Duration.ofSeconds(10));

        assertThat(second.events).contains("opened").noneMatch(event -> event.startsWith("closed"));
    }

    @Test
    void it_ends_with_the_node() {
        MemoryClient client = MemoryClient.open(environment, port);
        node.close();
        environment.advance(Duration.ofSeconds(1));
        assertThat(client.events).endsWith("closed END_OF_STREAM");

        MemoryClient late = MemoryClient.connecting(environment, port);
        environment.advance(Duration.ofSeconds(1));
        assertThat(late.events).containsExactly("closed REFUSED");
    }

    @Test
    void a_node_in_real_time_needs_streams_for_it() {
        try (SimulatedNode real = SimulatedNode.builder().start()) {
            assertThatThrownBy(real::consoleEndpoint)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("attachSerial");
        }
    }
}
