package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.testkit.node.Switch;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    private static final String HEAD = "{\"scenario\":\"test\"}";

    @TempDir
    Path folder;

    private Recording read(String... lines) throws Exception {
        return Recording.read(Files.write(folder.resolve("test.jsonl"), List.of(lines)));
    }

    private static String rx(double seconds, String hex) {
        return "{\"t\":" + seconds + ",\"conn\":\"A\",\"ev\":\"rx\",\"hex\":\"" + hex + "\"}";
    }

    @Test
    void the_line_is_named_where_it_is_no_json() {
        assertThatThrownBy(() -> read(HEAD, "", "{oops"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("test.jsonl, line 3");
    }

    @Test
    void the_line_is_named_where_it_is_no_text_at_all() throws Exception {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});

        assertThatThrownBy(() -> Recording.read(binary))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("binary, line 1");
    }

    @Test
    void the_line_is_named_where_a_field_is_missing() {
        assertThatThrownBy(() -> read(HEAD, "{\"t\":1,\"ev\":\"rx\",\"conn\":\"A\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2: 'hex'");
    }

    @Test
    void the_line_is_named_where_the_bytes_are_no_hex() {
        assertThatThrownBy(() -> read(HEAD, rx(0, "94c3"), rx(0, "9x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 3: 'hex'");
    }

    @Test
    void the_line_is_named_where_a_frame_is_no_message() {
        assertThatThrownBy(() -> read(HEAD, rx(0, "94c30001ff")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("no message");
    }

    @Test
    void without_a_full_handshake_there_is_nothing_to_serve() {
        assertThatThrownBy(() -> read(HEAD, rx(0, "94c300023803")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no full handshake");
        assertThatThrownBy(this::read).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_missing_file_and_an_unknown_name_say_so() {
        assertThatThrownBy(() -> Recording.read(folder.resolve("none"))).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> Recording.bundled("none")).hasMessageContaining("none");
    }

    @Test
    void the_last_full_handshake_counts_and_frames_may_be_cut_anywhere() throws Exception {
        Recording recording = read(
                HEAD,
                rx(0, "94c300041a02080794c300023801"),
                rx(1, "94c300041a"),
                rx(2, "02080894c300"),
                rx(3, "023802"),
                rx(4, "94c300041a020809"));

        assertThat(recording.node()).isEqualTo(new NodeId(8));
        assertThat(recording.scenario()).isEqualTo("test");
    }

    @Test
    void traffic_is_what_others_sent_and_is_played_with_its_recorded_spacing() {
        Recording recording = Recording.bundled("45-handshake-with-nodes");
        Bench bench = Bench.of(SimulatedNode.builder().recording(recording).with(Switch.PHONE_QUEUE, 100));
        Bench.Client client = bench.ready();

        bench.node.replayTraffic();
        bench.host.advance(Bench.MOMENT);
        int soon = client.packets().size();
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(soon).isLessThan(recording.packets().size());
        assertThat(client.packets()).isEqualTo(recording.packets()).hasSize(60);
        assertThat(client.packets()).extracting(MeshPacket::getFrom).doesNotContain(0x12345678);
    }

    @Test
    void traffic_is_played_with_another_spacing_on_request() {
        Recording recording = Recording.bundled("45-handshake-with-nodes");
        Bench bench = Bench.of(SimulatedNode.builder().recording(recording));
        Bench.Client client = bench.ready();

        bench.node.replayTraffic(Duration.ofSeconds(10));
        bench.host.advance(Duration.ofSeconds(25));

        assertThat(client.packets()).hasSize(3);
    }

    @Test
    void a_recorded_node_cannot_be_given_another_identity() {
        SimulatedNodeBuilder both =
                SimulatedNode.builder().longName("Other").recording(Recording.bundled("03-handshake-full"));

        assertThatThrownBy(() -> Bench.of(both))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("longName");
        assertThatThrownBy(() -> Bench.of(SimulatedNode.builder()).node.replayTraffic())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("recording(");
    }
}
