package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.ChannelSettings;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.testkit.assertj.MeshleaseAssertions;
import dev.meshlease.testkit.fault.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private final Bench bench = Bench.of(SimulatedNode.builder()
            .nodes(2)
            .channel(Channel.newBuilder()
                    .setIndex(1)
                    .setRole(Channel.Role.SECONDARY)
                    .setSettings(ChannelSettings.newBuilder()
                            .setName("secretname")
                            .setPsk(com.google.protobuf.ByteString.copyFromUtf8("0123456789abcdef")))
                    .build()));

    private List<String> words() {
        return bench.node.conversation().lines().stream()
                .map(Conversation.Line::words)
                .toList();
    }

    @Test
    void tells_who_came_what_was_said_and_how_it_ended() {
        Bench.Client client = bench.ready();
        client.sent(Bench.broadcast(0x7, "hello"));
        client.beats(0);
        bench.host.advance(Bench.MOMENT);
        client.leaves();

        assertThat(words())
                .containsSubsequence(
                        "A connects",
                        "A → want_config_id 1",
                        "A → TEXT_MESSAGE_APP \"hello\" to !ffffffff, id 7",
                        "A ← queue status of packet 7: res 0, free 15",
                        "A → heartbeat 0",
                        "A ← queue status: res 0, free 16",
                        "A leaves");
        assertThat(words())
                .filteredOn(line -> line.startsWith("A ← its state"))
                .singleElement()
                .asString()
                .matches("A ← its state in \\d+ messages, and config_complete_id 1");
    }

    @Test
    void each_line_has_its_time() {
        bench.host.advance(Duration.ofSeconds(5));
        bench.ready();
        assertThat(bench.node.conversation().lines().get(0).at())
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
        assertThat(bench.node.conversation().toString()).startsWith("    5.").contains(" s  A connects\n");
    }

    @Test
    void keeps_the_latest_and_counts_the_rest() {
        Bench.Client client = bench.ready();
        for (int i = 1; i <= 400; i++) {
            client.sent(Bench.plain(NodeId.BROADCAST.number(), i));
            bench.host.advance(Duration.ofSeconds(1));
        }
        Conversation conversation = bench.node.conversation();
        assertThat(conversation.lines()).hasSize(300);
        assertThat(conversation.earlier()).isGreaterThan(400);
        assertThat(conversation.toString()).startsWith("  … " + conversation.earlier() + " lines earlier\n");
    }

    @Test
    void has_no_secrets_in_it() {
        Bench.Client client = bench.ready();
        client.sent(bench.setsSecurity(security -> security.setPrivateKey(
                com.google.protobuf.ByteString.copyFromUtf8("private-private-private-private!"))));
        assertThat(bench.node.conversation().toString())
                .contains("ADMIN_APP (")
                .doesNotContain("private-private", "secretname", "0123456789abcdef");
    }

    @Test
    void an_empty_one_says_so() {
        assertThat(bench.node.conversation().toString()).isEqualTo("  nobody has connected\n");
    }

    @Test
    void long_texts_are_cut_and_control_characters_made_harmless() {
        Bench.Client client = bench.ready();
        client.sent(Bench.broadcast(3, "a\u001b[31m" + "x".repeat(100)));
        assertThat(words()).contains("A → TEXT_MESSAGE_APP \"a.[31m" + "x".repeat(54) + "…\" to !ffffffff, id 3");
    }

    @Test
    void packets_are_told_with_all_that_tells_them_apart() {
        Bench.Client client = bench.ready();
        MeshPacket packet = Bench.asking(Bench.wantingAck(
                        Bench.packet(0x0c0ffee0, 0xab, PortNum.POSITION_APP, com.google.protobuf.ByteString.EMPTY)))
                .toBuilder()
                .setChannel(2)
                .build();
        client.sent(packet);
        assertThat(words())
                .contains("A → POSITION_APP (0 bytes) to !0c0ffee0, id ab, channel 2, ack wanted, answer wanted");
    }

    @Test
    void a_rival_is_named_as_one_and_no_overlap() {
        Bench.Client client = bench.ready();
        bench.node.evictClient();
        assertThat(words()).contains("B connects, a rival", "B evicts A", "A is disconnected");
        assertThat(bench.node.overlaps()).isEmpty();
        assertThat(bench.node.hasClient()).isFalse();
        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void two_clients_at_once_are_noticed_unless_the_first_has_left() {
        bench.connect().leaves();
        bench.connect();
        assertThat(bench.node.overlaps()).isEmpty();
        bench.connect();
        assertThat(bench.node.overlaps()).containsExactly("C was connected while B still was");
    }

    @Test
    void nothing_is_said_of_a_client_that_the_node_does_not_read_from() {
        Bench.Client first = bench.connect();
        var stall = bench.node.inject(Fault.stallReading());
        first.writes(new byte[] {(byte) 0xC3});
        bench.host.advance(Bench.MOMENT);
        bench.connect();
        assertThat(bench.node.overlaps()).isEmpty();
        stall.close();
        bench.connect();
        assertThat(bench.node.overlaps()).containsExactly("C was connected while B still was");
    }

    @Test
    void packets_are_claimed_by_whoever_expects_them() {
        Bench.Client client = bench.ready();
        client.sent(Bench.broadcast(1, "one"));
        client.sent(Bench.plain(bench.node.id().number(), 2));

        assertThat(bench.node.received()).hasSize(2);
        assertThat(bench.node.claim(packet -> packet.getId() == 1)).isOne();
        assertThat(bench.node.unclaimed()).extracting(MeshPacket::getId).containsExactly(2);
        assertThat(bench.node.claim(packet -> packet.getId() == 9)).isZero();
    }

    @Test
    void what_was_dropped_in_silence_fails_the_assertion_that_nothing_was() {
        Bench.Client client = bench.ready();
        client.sent(Bench.broadcast(1, "one"));
        MeshleaseAssertions.assertThat(bench.node).droppedNothingSilently();
        client.sent(Bench.broadcast(1, "one"));
        assertThatThrownBy(() -> MeshleaseAssertions.assertThat(bench.node).droppedNothingSilently())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("to have dropped nothing in silence.")
                .hasMessageContaining("repeatedIds=1");
    }
}
