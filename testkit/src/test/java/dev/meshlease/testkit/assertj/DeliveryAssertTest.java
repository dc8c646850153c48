package dev.meshlease.testkit.assertj;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.testkit.assertj.MeshleaseAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DeliveryFailure;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.junit.Simulated;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each assertion on a delivery, where it holds and where it does not. */
class DeliveryAssertTest {
    private static final NodeId NOBODY = new NodeId(0x0dead000);

    @Simulated(nodes = 1)
    SimulatedNode node;

    private Lease ready(LinkRegistry links) {
        Lease bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(Duration.ofSeconds(30));
        return bot;
    }

    @Test
    void what_a_peer_hears_is_accepted_and_acknowledged(LinkRegistry links) {
        var delivery =
                ready(links).send(text("hello").to(node.peers().get(0).id()).wantAck());
        assertThat(delivery).isAccepted().isAcknowledged();
        assertThatThrownBy(() -> assertThat(delivery).failedWith(DeliveryFailure.MAX_RETRANSMIT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("to have failed with MAX_RETRANSMIT, but it is ACKNOWLEDGED");
    }

    @Test
    void what_nobody_has_a_key_for_has_failed_for_that_reason_and_no_other(LinkRegistry links) {
        var delivery = ready(links).send(text("hello").to(NOBODY).wantAck());
        assertThat(delivery).failedWith(DeliveryFailure.PKI);
        assertThatThrownBy(() -> assertThat(delivery).isAcknowledged())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("to be ACKNOWLEDGED, but it is ");
        assertThatThrownBy(() -> assertThat(delivery).failedWith(DeliveryFailure.NO_ROUTE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("to have failed with NO_ROUTE, but it is FAILED.");
    }

    @Test
    void a_failure_shows_the_steps(LinkRegistry links) {
        var delivery = ready(links).send(text("hello").to(NOBODY).wantAck());
        assertThatThrownBy(() -> assertThat(delivery).isAcknowledged())
                .message()
                .containsPattern("Its steps:\\R  \\S+Z  QUEUED, connection 1\\R  \\S+Z  WRITTEN, connection 1\\R")
                .contains("FAILED (PKI), connection 1");
    }

    @Test
    void without_an_ack_wanted_none_will_come(LinkRegistry links) {
        var delivery = ready(links).send(text("hello").to(node.peers().get(0).id()));
        assertThat(delivery).isAccepted();
        assertThatThrownBy(() -> assertThat(delivery).isAcknowledged())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "to be ACKNOWLEDGED, but it asked for no ack, so none will come: ask with wantAck().")
                .hasMessageContaining("ACCEPTED, connection 1");
    }
}
