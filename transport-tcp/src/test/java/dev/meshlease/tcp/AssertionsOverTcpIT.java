package dev.meshlease.tcp;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.testkit.assertj.MeshleaseAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.NaiveClient;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.junit.Simulated;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The testkit's assertions and its strict mode where they have to wait for real. */
class AssertionsOverTcpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration NEVER = Duration.ofHours(1);

    @Simulated(face = Simulated.Face.TCP, nodes = 1, strict = true)
    SimulatedNode node;

    private Lease ready(LinkRegistry links) {
        Lease bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);
        return bot;
    }

    @Test
    void they_wait_for_what_is_on_its_way(LinkRegistry links) {
        NodeId peer = node.peers().get(0).id();
        try (Lease bot = ready(links)) {
            bot.send(text("pong").to(peer));
            assertThat(node)
                    .received(text("pong").to(peer))
                    .receivedNothingElse()
                    .acceptedExactlyOneClient()
                    .evicted(0)
                    .droppedNothingSilently()
                    .hasClient();
        }
    }

    @Test
    void what_nobody_said_fails_and_shows_the_conversation(LinkRegistry links) {
        try (Lease bot = ready(links)) {
            bot.send(text("pong"));
            assertThat(node).received(text("pong"));
            assertThatThrownBy(() -> assertThat(node).received(text("ping")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("to have received TEXT_MESSAGE_APP \"ping\"")
                    .hasMessageContaining("The conversation:\n")
                    .hasMessageContaining("A → TEXT_MESSAGE_APP \"pong\"");
        }
    }

    @Test
    void a_naive_client_may_take_the_node_away(LinkRegistry links) {
        try (Lease bot = ready(links);
                NaiveClient rival = NaiveClient.start(node.endpoint(), NEVER, unused -> {})) {
            Assertions.assertThat(node.await(seen -> seen.accepted() == 3, PATIENCE))
                    .as("the link has come back")
                    .isTrue();
            bot.ready().await(PATIENCE);
            Assertions.assertThat(rival.connections()).isEqualTo(1);
            assertThat(node).accepted(3).evicted(2);
        }
    }
}
