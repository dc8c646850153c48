package dev.meshlease.verification.readme;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.testkit.assertj.MeshleaseAssertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.junit.Simulated;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How to test a bot; the README shows the marked lines. */
// tag::test
class EchoTest {
    @Simulated(nodes = 1)
    SimulatedNode node;

    @Test
    void echoes_what_a_peer_says(LinkRegistry links) {
        Lease bot = links.acquire(node.endpoint(), "echo");
        bot.subscribe(texts(), packet -> bot.send(packet.reply("you said " + packet.text())));
        bot.ready().await(Duration.ofSeconds(30)); // takes no time: it is virtual

        node.peers().get(0).says("hello");

        assertThat(node).received(text("you said hello")).acceptedExactlyOneClient();
    }
}
// end::test
