package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LossCause;
import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node behind a port forward, which another link reaches without it. */
class SameNodeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TcpWorld world = new TcpWorld();
    private final SimulatedNode node = SimulatedNode.builder().nodes(1).start();
    private final LinkRegistry links = LinkRegistry.create();
    private final LinkRegistry others = LinkRegistry.create();
    private PortForward forward;

    @BeforeEach
    void start() throws IOException {
        forward = new PortForward(node.endpoint());
    }

    @AfterEach
    void end() throws IOException {
        links.close();
        others.close();
        forward.close();
        node.close();
    }

    private void refusedOnceAndThenWithoutConnecting(LinkRegistry second) {
        Lease bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);
        Lease monitor = second.acquire(forward.endpoint(), "monitor");

        DuplicateLinkException duplicate = catchThrowableOfType(
                DuplicateLinkException.class, () -> monitor.ready().await(PATIENCE));

        assertThat(duplicate.scope()).isEqualTo(DuplicateLinkException.Scope.NODE);
        assertThat(duplicate.existing()).contains(node.endpoint());
        world.eventually("back", () -> bot.status().isReady() && bot.status().generation() == 2);
        assertThat(bot.status().losses())
                .singleElement()
                .satisfies(loss -> assertThat(loss.cause()).isEqualTo(LossCause.DISPLACED_BY_DUPLICATE));
        assertThatThrownBy(() -> second.acquire(forward.endpoint(), "again"))
                .isInstanceOf(DuplicateLinkException.class);
        assertThat(node.accepted()).as("the first, the newcomer, the first").isEqualTo(3);
    }

    @Test
    void it_is_found_by_the_node_itself_in_one_registry() {
        refusedOnceAndThenWithoutConnecting(links);
    }

    @Test
    void it_is_found_by_the_node_itself_in_two_registries() {
        refusedOnceAndThenWithoutConnecting(others);
    }
}
