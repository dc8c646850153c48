package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryEvent;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Watch;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An ack that comes when its delivery has ended already. */
class LateAckTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder()
            .nodes(1)
            .with(Switch.RETRANSMIT_AFTER, Duration.ofSeconds(10))
            .start(environment);
    private final SimulatedPeer peer = node.peers().get(0);
    private final LinkRegistry links = environment.registry();
    private final Lease bot = links.acquire(node.endpoint(), "bot");
    private final Lease other = links.acquire(node.endpoint(), "other");
    private final List<DeliveryEvent> events = new ArrayList<>();

    @BeforeEach
    void watch() {
        bot.watch(Watch.deliveries(), events::add);
        other.watch(Watch.deliveries(), event -> {
            throw new AssertionError("not this lease's: " + event);
        });
        bot.ready().await(PATIENCE);
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private void endsThenIsAcked(Delivery delivery, DeliveryStage end) {
        assertThatThrownBy(() -> delivery.await(PATIENCE)).isInstanceOf(DeliveryException.class);
        environment.advance(PATIENCE);

        assertThat(delivery.stage()).isEqualTo(end);
        assertThat(delivery.steps())
                .extracting(DeliveryStep::stage)
                .endsWith(DeliveryStage.ACCEPTED, end, DeliveryStage.ACKNOWLEDGED);
        assertThat(events).extracting(DeliveryEvent::step).containsExactlyElementsOf(delivery.steps());
        assertThat(events).filteredOn(DeliveryEvent::isLate).singleElement().satisfies(late -> {
            assertThat(late.delivery()).isSameAs(delivery);
            assertThat(late)
                    .hasToString("packet " + Integer.toUnsignedString(delivery.packetId()) + " is, late, ACKNOWLEDGED");
        });
    }

    @Test
    void after_the_nodes_own_nak_is_an_event_and_changes_no_end() {
        peer.answersAfter(Duration.ofSeconds(40)); // The node gives up after 30.

        endsThenIsAcked(bot.send(text("hi").to(peer.id()).wantAck()), DeliveryStage.FAILED);
    }

    @Test
    void after_the_deadline_is_one_too() {
        peer.answersAfter(Duration.ofSeconds(28));

        endsThenIsAcked(
                bot.send(text("hi").to(peer.id()).wantAck().within(Duration.ofSeconds(25))), DeliveryStage.UNKNOWN);
    }
}
