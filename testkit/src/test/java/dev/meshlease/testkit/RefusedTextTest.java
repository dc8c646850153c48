package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that wants more time between texts than others: it says first that it took one, and then that it did not. */
class RefusedTextTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final LinkRegistry links = environment.registry();
    private final SimulatedNode node = SimulatedNode.builder()
            .nodes(1)
            .with(Switch.TEXT_INTERVAL, Duration.ofSeconds(3))
            .start(environment);
    private final Lease bot = links.acquire(node.endpoint(), "bot");

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    @Test
    void is_sent_again_even_if_nobody_waits_for_an_ack() {
        bot.send(text("one"));
        Delivery second = bot.send(text("two"));
        second.reached(DeliveryStage.ACCEPTED).await(PATIENCE);
        environment.advance(PATIENCE);

        assertThat(node.sent())
                .extracting(packet -> packet.getDecoded().getPayload().toStringUtf8())
                .containsExactly("one", "two");
        assertThat(second.steps())
                .extracting(DeliveryStep::stage)
                .containsExactly(DeliveryStage.QUEUED, DeliveryStage.WRITTEN, DeliveryStage.ACCEPTED);
    }

    @Test
    void or_is_told_to_have_failed_after_all() {
        bot.send(text("one"));
        Delivery second = bot.send(text("two").within(Duration.ofMillis(2_600)));
        environment.advance(PATIENCE);

        assertThat(node.sent()).hasSize(1);
        assertThat(second.stage()).as("the end stays the end").isEqualTo(DeliveryStage.ACCEPTED);
        assertThat(second.steps())
                .extracting(DeliveryStep::stage)
                .endsWith(DeliveryStage.ACCEPTED, DeliveryStage.FAILED);
    }
}
