package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.OwnedLink;
import dev.meshlease.Subscription;
import dev.meshlease.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who watches a link is told how it ends, but not if he has gone before. */
class WatchingTheEndTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().start(environment);
    private final LinkRegistry links = environment.registry();
    private final OwnedLink link =
            links.open(node.endpoint(), LinkOptions.builder().build());
    private final Lease lease = link.acquire("bot");
    private final List<LinkState> states = new ArrayList<>();
    private final Subscription watch = lease.watch(Watch.status(), (LinkStatus status) -> states.add(status.state()));

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    @Test
    void closed_is_the_last_state_that_is_told() {
        lease.ready().await(Duration.ofSeconds(10));
        link.close();
        environment.settle();

        assertThat(lease.closed().isDone()).isTrue();
        assertThat(states)
                .containsExactly(LinkState.CONNECTING, LinkState.HANDSHAKING, LinkState.READY, LinkState.CLOSED);
        assertThat(watch.isOpen()).isFalse();
    }

    @Test
    void so_it_is_when_the_registry_is_closed_while_the_link_waits() {
        node.close();
        environment.advance(Duration.ofSeconds(1));
        links.close();
        environment.settle();

        assertThat(states).endsWith(LinkState.BACKING_OFF, LinkState.CLOSED);
        assertThat(watch.isOpen()).isFalse();
    }

    @Test
    void who_closes_his_lease_himself_is_told_nothing_more_even_if_the_link_is_closing_already() {
        lease.ready().await(Duration.ofSeconds(10));
        lease.close();
        link.close();
        environment.settle();

        assertThat(states).doesNotContain(LinkState.CLOSED);
        assertThat(watch.isOpen()).isFalse();
    }
}
