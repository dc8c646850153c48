package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.message.NodeId;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ConversationFileTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("talk.jsonl");
    }

    private Bench bench(Path file) {
        return Bench.of(SimulatedNode.builder().number(new NodeId(7)).nodes(1).recordTo(file));
    }

    private List<String> kinds() {
        return RecordedEvent.read(file()).stream()
                .map(event -> event.connection() + " " + event.kind())
                .toList();
    }

    @Test
    void what_was_said_can_be_served_again() {
        Bench bench = bench(file());
        bench.ready();
        bench.node.peers().get(0).says("hello");
        bench.host.advance(Bench.ACCEPTED);
        bench.node.close();

        Recording recording = Recording.read(file());
        assertThat(recording.scenario()).isEqualTo("talk");
        assertThat(recording.node()).isEqualTo(new NodeId(7));
        assertThat(recording.packets())
                .extracting(packet -> packet.getDecoded().getPayload().toStringUtf8())
                .containsExactly("hello");
    }

    @Test
    void bytes_are_kept_as_they_were_in_both_directions() {
        Bench bench = bench(file());
        Bench.Client client = bench.connect();
        client.writes(new byte[] {1, 2, (byte) 0xFE});
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        List<RecordedEvent> events = RecordedEvent.read(file());
        assertThat(events.get(1).kind()).isEqualTo("tx");
        assertThat(events.get(1).bytes()).containsExactly(1, 2, 0xFE);
        assertThat(joined(events, "rx")).isEqualTo(client.bytes());
    }

    private static byte[] joined(List<RecordedEvent> events, String kind) {
        return events.stream()
                .filter(event -> event.is(kind))
                .map(RecordedEvent::bytes)
                .reduce(new byte[0], (a, b) -> {
                    byte[] both = Arrays.copyOf(a, a.length + b.length);
                    System.arraycopy(b, 0, both, a.length, b.length);
                    return both;
                });
    }

    @Test
    void each_connection_has_its_beginning_and_its_end() {
        Bench bench = bench(file());
        Bench.Client first = bench.connect();
        bench.connect();
        first.leaves();
        bench.node.close();

        assertThat(kinds()).containsExactly("A connect", "B connect", "A closed-by-node", "B closed-by-node");
    }

    @Test
    void a_client_that_leaves_has_closed_its_connection() {
        Bench bench = bench(file());
        bench.connect().leaves();

        assertThat(kinds()).containsExactly("A connect", "A close");
    }

    @Test
    void what_has_happened_is_in_the_file_at_once() {
        Bench bench = bench(file());
        bench.connect();
        assertThat(kinds()).containsExactly("A connect");

        bench.host.advance(Bench.ACCEPTED);
        bench.connect();
        assertThat(kinds()).containsExactly("A connect", "B connect", "A closed-by-node");
    }

    @Test
    void times_are_seconds_since_the_start() {
        Bench bench = bench(file());
        bench.connect();
        bench.host.advance(Duration.ofSeconds(90));
        bench.connect();

        List<RecordedEvent> events = RecordedEvent.read(file());
        assertThat(events.get(1).at().minus(events.get(0).at()).toSeconds()).isEqualTo(90);
    }

    @Test
    void an_older_file_stays_until_there_is_something_to_write() throws Exception {
        Files.writeString(file(), "of another node");
        Bench bench = bench(file());
        assertThat(file()).hasContent("of another node");

        bench.connect();
        assertThat(kinds()).containsExactly("A connect");
    }

    @Test
    void a_node_that_nobody_visits_leaves_an_empty_recording() {
        bench(file()).node.close();

        assertThat(file()).content().startsWith("{\"scenario\":\"talk\"");
        assertThat(kinds()).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_written_is_told_at_the_start() {
        Path nowhere = folder.resolve("missing").resolve("file");

        assertThatThrownBy(() -> bench(nowhere))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(nowhere.toString());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_node_goes_on_when_its_disk_is_full() {
        Bench bench = bench(Path.of("/dev/full"));
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.dump()).isNotEmpty();
        bench.node.close();
    }
}
