package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.MessageTooLongException;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.proto.Config;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a message may be, and what refuses it. */
class LongMessagesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final LinkRegistry links = environment.registry();
    private SimulatedNode node = SimulatedNode.builder().nodes(1).start(environment);

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private Lease lease() {
        return links.acquire(node.endpoint(), "bot");
    }

    private Lease ready() {
        Lease lease = lease();
        lease.ready().await(PATIENCE);
        return lease;
    }

    private OutboundMessage direct(int bytes) {
        return text("x".repeat(bytes)).to(node.peers().get(0).id()).wantAck();
    }

    private static int limit(Lease lease, OutboundMessage message) {
        try {
            throw new AssertionError("taken: " + lease.send(message));
        } catch (MessageTooLongException refused) {
            return refused.limitBytes();
        }
    }

    @Test
    void a_direct_message_has_twelve_bytes_less_since_the_node_encrypts_it_for_its_destination() {
        Lease bot = ready();

        assertThat(limit(bot, direct(221))).isEqualTo(220);
        assertThat(limit(bot, direct(221).inReplyTo(7))).isEqualTo(215);
        assertThat(bot.send(direct(220)).await(PATIENCE).isImplicit()).isFalse();
        assertThat(node.sent()).hasSize(1);
    }

    @Test
    void a_broadcast_and_a_message_to_the_node_itself_have_them() {
        Lease bot = ready();
        OutboundMessage toAll = text("x".repeat(232));

        bot.send(toAll).reached(DeliveryStage.ACCEPTED).await(PATIENCE);
        bot.send(toAll.to(node.id())).reached(DeliveryStage.ACCEPTED).await(PATIENCE);

        assertThat(limit(bot, text("x".repeat(233)))).isEqualTo(232);
    }

    @Test
    void so_has_a_direct_message_of_a_node_without_a_key_of_its_own() {
        node.close();
        node = SimulatedNode.builder()
                .nodes(1)
                .config(Config.newBuilder()
                        .setSecurity(Config.SecurityConfig.getDefaultInstance())
                        .build())
                .start(environment);
        Lease bot = ready();

        assertThat(bot.send(direct(232)).await(PATIENCE).isImplicit()).isFalse();
        assertThat(limit(bot, direct(233))).isEqualTo(232);
    }

    @Test
    void what_turns_out_too_long_once_the_node_is_known_fails_without_being_written() {
        Lease early = lease();
        Delivery delivery = early.send(direct(221));

        assertThatThrownBy(() -> delivery.await(PATIENCE))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.reason()).contains(DeliveryFailure.TOO_LARGE));
        assertThat(delivery.steps())
                .extracting(DeliveryStep::stage)
                .containsExactly(DeliveryStage.QUEUED, DeliveryStage.FAILED);
        assertThat(node.conversation().toString()).doesNotContain("xxx");
    }
}
