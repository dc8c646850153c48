package dev.meshlease.testkit.assertj;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.testkit.assertj.MeshleaseAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.junit.Simulated;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each assertion on a node, where it holds and where it does not. */
class SimulatedNodeAssertTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);

    @Simulated
    SimulatedNode node;

    @Simulated
    SimulatedNode quiet;

    private Lease talk(LinkRegistry links) {
        Lease bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(Duration.ofSeconds(30));
        bot.send(text("pong").to(PEER));
        return bot;
    }

    @Test
    void all_holds_that_is_so(LinkRegistry links) {
        talk(links);
        assertThat(node)
                .received(text("pong").to(PEER))
                .received(1, text("pong").to(PEER))
                .receivedNothingElse()
                .acceptedExactlyOneClient()
                .accepted(1)
                .evicted(0)
                .droppedNothingSilently()
                .hasClient();
        assertThat(quiet).receivedNothing().accepted(0).hasNoClient();
    }

    static Stream<Arguments> untruths() {
        return Stream.of(
                untruth("another text", node -> node.received(text("ping").to(PEER)), "But it was: TEXT_MESSAGE_APP"),
                untruth("another destination", node -> node.received(text("pong")), "to !ffffffff"),
                untruth(
                        "another channel",
                        node -> node.received(text("pong").to(PEER).onChannel(1)),
                        "channel 1"),
                untruth("an ack", node -> node.received(text("pong").to(PEER).wantAck()), "ack wanted"),
                untruth(
                        "another reach",
                        node -> node.received(text("pong").to(PEER).withHopLimit(0)),
                        "pong"),
                untruth("a quote", node -> node.received(text("pong").to(PEER).inReplyTo(0xab)), "quotes ab"),
                untruth("another port", node -> node.received(another(PortNum.PRIVATE_APP)), "PRIVATE_APP"),
                untruth("two", node -> node.received(2, text("pong").to(PEER)), "received 2 times TEXT_MESSAGE_APP"),
                untruth("nothing", node -> node.receivedNothing(), "to have received no packet"),
                untruth("nothing else", node -> node.receivedNothingElse(), "to have received nothing else"),
                untruth("two clients", node -> node.accepted(2), "to have accepted 2 clients.\nBut it was: 1"),
                untruth("no client", node -> node.hasNoClient(), "to have no client.\nBut it was: one"),
                untruth("an eviction", node -> node.evicted(1), "evicted exactly one client.\nBut it was: 0"));
    }

    private static Arguments untruth(String what, Consumer<SimulatedNodeAssert> claim, String words) {
        return Arguments.of(what, claim, words);
    }

    private static OutboundMessage another(PortNum port) {
        Data data =
                text("pong").proto().getDecoded().toBuilder().setPortnum(port).build();
        return OutboundMessage.of(
                MeshPacket.newBuilder().setTo(PEER.number()).setDecoded(data).build());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("untruths")
    void what_is_not_so_fails_and_shows_the_conversation(
            String what, Consumer<SimulatedNodeAssert> claim, String words, LinkRegistry links) {
        talk(links);
        assertThatThrownBy(() -> claim.accept(assertThat(node)))
                .as(what)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(words)
                .hasMessageContaining("The conversation:\n")
                .hasMessageContaining("A → TEXT_MESSAGE_APP \"pong\"");
    }

    @Test
    void an_eviction_and_a_second_connection_are_noticed(LinkRegistry links) {
        talk(links);
        node.evictClient();
        assertThatThrownBy(() -> assertThat(node).evicted(0)).hasMessageContaining("evicted nobody.\nBut it was: 1");
        assertThatThrownBy(() -> assertThat(node).acceptedExactlyOneClient())
                .hasMessageContaining("accepted exactly one client.");
    }

    @Test
    void a_client_that_is_missed_is_named() {
        assertThatThrownBy(() -> assertThat(quiet).hasClient())
                .hasMessageContaining("to have a client.\nBut it was: none")
                .hasMessageContaining("nobody has connected");
    }
}
