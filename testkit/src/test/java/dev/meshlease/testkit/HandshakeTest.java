package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.testkit.internal.firmware.DumpFrame;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static String kind(FromRadio message) {
        return switch (message.getPayloadVariantCase()) {
            case CONFIG -> "config " + message.getConfig().getPayloadVariantCase();
            case MODULECONFIG -> "module " + message.getModuleConfig().getPayloadVariantCase();
            case CHANNEL -> "channel " + message.getChannel().getIndex();
            default -> message.getPayloadVariantCase().name();
        };
    }

    private static List<String> handshake(SimulatedNodeBuilder builder, int nonce) {
        Bench bench = Bench.of(builder);
        Bench.Client client = bench.connect();
        client.wantsConfig(nonce);
        bench.host.advance(Bench.MOMENT);
        assertThat(client.dump())
                .last()
                .extracting(FromRadio::getConfigCompleteId)
                .isEqualTo(nonce);
        return client.dump().stream().map(HandshakeTest::kind).toList();
    }

    @Test
    void a_simulated_node_says_what_a_recorded_one_said_in_the_same_order() {
        SimulatedNodeBuilder recorded = SimulatedNode.builder().recording(Recording.bundled("03-handshake-full"));

        assertThat(handshake(SimulatedNode.builder(), 7))
                .isEqualTo(handshake(recorded, 7))
                .hasSize(44);
    }

    @Test
    void three_module_configs_are_empty() {
        assertThat(handshake(SimulatedNode.builder(), 7))
                .filteredOn("module PAYLOADVARIANT_NOT_SET"::equals)
                .hasSize(3);
    }

    @Test
    void the_other_nodes_come_between_the_modules_and_the_files() {
        List<String> kinds = handshake(SimulatedNode.builder().nodes(5), 7);

        assertThat(kinds.subList(37, 44))
                .containsExactly(
                        "module PAYLOADVARIANT_NOT_SET",
                        "NODE_INFO",
                        "NODE_INFO",
                        "NODE_INFO",
                        "NODE_INFO",
                        "NODE_INFO",
                        "FILEINFO");
    }

    @Test
    void nonce_69420_leaves_the_other_nodes_out() {
        assertThat(handshake(SimulatedNode.builder().nodes(5), 69420)).isEqualTo(handshake(SimulatedNode.builder(), 7));
    }

    @Test
    void nonce_69421_is_nodes_only() {
        assertThat(handshake(SimulatedNode.builder().nodes(2), 69421))
                .containsExactly("NODE_INFO", "NODE_INFO", "NODE_INFO", "CONFIG_COMPLETE_ID");
    }

    @Test
    void nonce_0_is_answered_with_presence() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.connect();
        client.wantsConfig(0);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.dump()).last().matches(FromRadio::hasConfigCompleteId);
    }

    @Test
    void of_two_wishes_in_one_write_only_the_second_is_answered() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.connect();
        client.wantsConfig(101);
        client.wantsConfig(102);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received()).filteredOn(FromRadio::hasMyInfo).hasSize(1);
        assertThat(client.received())
                .filteredOn(FromRadio::hasConfigCompleteId)
                .extracting(FromRadio::getConfigCompleteId)
                .containsExactly(102);
    }

    @Test
    void nothing_is_said_before_the_client_asks() {
        Bench bench = Bench.of(SimulatedNode.builder().nodes(1));
        Bench.Client client = bench.connect();
        bench.node.peers().get(0).says("anybody?");
        bench.host.advance(Bench.ACCEPTED);

        assertThat(client.received()).isEmpty();
    }

    @Test
    void behind_the_first_dump_after_a_start_comes_a_status_of_no_packet_as_recorded() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.connect();
        client.wantsConfig(7);
        client.wantsConfig(8);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.statuses())
                .containsExactly(
                        QueueStatus.newBuilder().setFree(16).setMaxlen(16).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03-handshake-full",
                "10-text-broadcast",
                "18-dm-acked",
                "19-broadcast-implicit-ack",
                "20-admin-get-metadata",
                "30-duplicate-idle-A",
                "45-handshake-with-nodes",
                "2.8-45-handshake-with-nodes"
            })
    void a_recorded_handshake_is_served_byte_for_byte(String name) {
        Recording recording = Recording.bundled(name);
        Bench bench = Bench.of(SimulatedNode.builder().recording(recording));
        Bench.Client client = bench.connect();
        client.wantsConfig(7);
        bench.host.advance(Bench.MOMENT);

        List<ByteString> recorded =
                recording.dump().stream().map(DumpFrame::bytes).toList();
        assertThat(client.payloads().subList(0, recorded.size())).isEqualTo(recorded);
        assertThat(client.dump()).hasSize(recorded.size() + 1);
        assertThat(bench.node.id()).isEqualTo(recording.node());
    }

    @Test
    void the_recorded_node_with_many_neighbours_tells_all_of_them() {
        List<String> kinds =
                handshake(SimulatedNode.builder().recording(Recording.bundled("45-handshake-with-nodes")), 9);

        assertThat(kinds).filteredOn("NODE_INFO"::equals).hasSize(64);
    }
}
