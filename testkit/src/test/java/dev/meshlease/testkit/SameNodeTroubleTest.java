package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links to one node by several names, and what may go wrong while that is found out. */
class SameNodeTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().nodes(3).start(environment);
    private final OwnedTimers surroundings = new OwnedTimers(environment);
    private final List<LinkRegistry> registries = new ArrayList<>();

    @AfterEach
    void close() {
        registries.forEach(LinkRegistry::close);
        node.close();
    }

    private LinkRegistry registry() {
        LinkRegistry links = LinkRegistry.builder()
                .environment(surroundings)
                .transport(environment.transport())
                .build();
        registries.add(links);
        return links;
    }

    private Endpoint way(String name) {
        environment.transport().forward(name, node.endpoint());
        return Endpoint.of("sim://" + name);
    }

    @Test
    void each_loop_cancels_its_own_timers_when_a_link_has_waited_for_anothers() {
        Lease bot = registry().acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);
        SimulatedNode slow = SimulatedNode.builder().nodes(1).start(environment);
        slow.inject(Fault.delay(Duration.ofSeconds(3)));
        Lease newcomer = registry().acquire(slow.endpoint(), "newcomer");
        environment.advance(Duration.ofSeconds(1));
        node.disconnectClient();
        environment.advance(Duration.ofMinutes(1));

        assertThat(bot.status().isReady()).as("%s", bot.status()).isTrue();
        assertThat(newcomer.status().isReady()).as("%s", newcomer.status()).isTrue();
        assertThat(surroundings.offences()).isEmpty();
        slow.close();
    }

    @Test
    void what_is_lost_after_a_duplicate_has_gone_is_not_its_doing_and_not_mended_by_haste() {
        Lease bot = registry().acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);
        environment.advance(Duration.ofMinutes(1));
        Lease newcomer = registry().acquire(way("gateway"), "newcomer");
        assertThatThrownBy(() -> newcomer.ready().await(PATIENCE)).isInstanceOf(DuplicateLinkException.class);

        int before = node.accepted();
        Instant end = environment.now().plusSeconds(5);
        while (environment.now().isBefore(end)) {
            if (bot.status().isReady()) {
                node.disconnectClient();
            }
            environment.advance(Duration.ofMillis(10));
        }

        assertThat(node.accepted() - before).as("%s", bot.status()).isLessThanOrEqualTo(5);
    }

    @Test
    void newcomers_to_a_node_that_takes_its_time_do_not_duel() {
        for (int count = 2; count <= 4; count++) {
            int before = node.accepted();
            List<Lease> leases = new ArrayList<>();
            try (Injection slow = node.inject(Fault.delay(Duration.ofSeconds(2)))) {
                for (int i = 0; i < count; i++) {
                    leases.add(registry().acquire(way("way-" + i), "newcomer " + i));
                    environment.advance(Duration.ofMillis(300));
                }
                environment.advance(Duration.ofMinutes(5));
            }

            assertThat(node.accepted() - before)
                    .as("%d newcomers, %s", count, environment)
                    .isLessThanOrEqualTo(2 * count + 1);
            assertThat(leases)
                    .extracting(lease -> lease.status().state())
                    .containsOnlyOnce(LinkState.READY)
                    .containsOnly(LinkState.READY, LinkState.CLOSED);
            leases.forEach(Lease::close);
            environment.advance(Duration.ofMinutes(1));
        }
    }
}
