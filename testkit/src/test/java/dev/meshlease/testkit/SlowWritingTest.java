package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.node.ShortWrite;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes that take their time, because the board is slow or because the client does not read. */
class SlowWritingTest {
    private static final Duration FRAME = Duration.ofMillis(10);
    private static final int FRAMES = 44;

    private static SimulatedNodeBuilder slow() {
        return SimulatedNode.builder().with(Switch.FRAME_TIME, FRAME);
    }

    private static SimulatedNodeBuilder stubborn(ShortWrite shortWrite, Duration patience) {
        return SimulatedNode.builder()
                .nodes(1)
                .with(Switch.SHORT_WRITE, shortWrite)
                .with(Switch.WRITE_WAIT, patience);
    }

    /** One that has room for what it is given, and then no more. */
    private static Bench.Client ready(Bench bench, int room) {
        Bench.Client client = bench.ready();
        client.toleratesRubbish = true;
        client.room = room;
        return client;
    }

    private static void sayNothingOfNote(Bench bench, int times) {
        for (int i = 0; i < times; i++) {
            bench.node.peers().get(0).says("something that takes some bytes");
        }
        bench.host.advance(Bench.MOMENT);
    }

    @Test
    void a_frame_takes_its_time() {
        Bench bench = Bench.of(slow());
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(Duration.ofMillis(5));
        assertThat(client.received()).hasSize(1);
        bench.host.advance(FRAME);
        assertThat(client.received()).hasSize(2);
        bench.host.advance(FRAME.multipliedBy(FRAMES));

        assertThat(client.dump()).hasSize(FRAMES);
    }

    @Test
    void nothing_is_read_meanwhile_but_nothing_is_lost() {
        Bench bench = Bench.of(slow());
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(FRAME.multipliedBy(2));
        client.sends(Bench.broadcast(5, "in the middle"));
        bench.host.advance(FRAME.multipliedBy(FRAMES - 4));
        assertThat(bench.node.sent()).isEmpty();
        bench.host.advance(FRAME.multipliedBy(6));

        assertThat(bench.node.sent()).hasSize(1);
    }

    @Test
    void a_newcomer_waits_until_the_incumbent_has_been_told_all() {
        Bench bench = Bench.of(slow());
        Bench.Client first = bench.connect();
        first.wantsConfig(1);
        bench.host.advance(FRAME);
        bench.knocks();
        bench.host.advance(FRAME.multipliedBy(FRAMES - 4));
        assertThat(first.end).isEqualTo("none");
        bench.host.advance(FRAME.multipliedBy(6));

        assertThat(first.end).isEqualTo("FIN");
        assertThat(first.dump()).last().matches(FromRadio::hasConfigCompleteId);
    }

    @Test
    void what_arrives_while_an_old_esp32_writes_is_lost() {
        Bench bench = Bench.of(slow().with(Switch.UNREAD_DISCARDED, true));
        Bench.Client client = bench.connect();
        client.wantsConfig(1);
        bench.host.advance(FRAME.multipliedBy(2));
        client.sends(Bench.broadcast(5, "lost"));
        bench.host.advance(Duration.ofSeconds(1));
        client.sends(Bench.broadcast(6, "read"));
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(bench.node.sent()).hasSize(1);
    }

    @Test
    void the_frame_that_is_half_read_by_then_swallows_others() {
        Bench bench = Bench.of(slow().with(Switch.UNREAD_DISCARDED, true));
        Bench.Client client = bench.connect();
        byte[] half = {(byte) 0x94, (byte) 0xC3, 0, 20, 1};
        client.wantsConfig(1);
        client.writes(half);
        bench.host.advance(Duration.ofSeconds(1));
        client.forget();
        client.beats(0);
        client.beats(0);
        client.beats(0);
        bench.host.advance(Bench.MOMENT);
        assertThat(client.statuses()).isEmpty();
        client.beats(0);
        client.beats(0);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.statuses()).hasSize(1);
    }

    @Test
    void a_short_write_waits_while_all_else_stands_still() {
        Bench bench = Bench.of(stubborn(ShortWrite.TORN, Duration.ofSeconds(10)));
        Bench.Client client = ready(bench, 20);
        sayNothingOfNote(bench, 2);
        Bench.Client newcomer = bench.knocks();
        client.beats(0);
        bench.host.advance(Duration.ofSeconds(9));
        assertThat(client.bytes()).hasSize(20);
        assertThat(newcomer.received()).isEmpty();
        assertThat(client.end).isEqualTo("none");
        client.reads(10_000);
        bench.host.advance(Bench.ACCEPTED);

        assertThat(client.texts()).hasSize(2);
        assertThat(client.rubbish).isZero();
        assertThat(client.statuses()).hasSize(1);
        assertThat(client.end).isIn("FIN", "RST");
    }

    @Test
    void a_reader_that_takes_a_little_now_and_then_is_waited_for() {
        Bench bench = Bench.of(stubborn(ShortWrite.CLOSE, Duration.ofSeconds(10)));
        Bench.Client client = ready(bench, 0);
        sayNothingOfNote(bench, 1);
        for (int i = 0; i < 20; i++) {
            bench.host.advance(Duration.ofSeconds(9));
            client.reads(5);
        }

        assertThat(client.texts()).hasSize(1);
        assertThat(client.end).isEqualTo("none");
    }

    @Test
    void the_frame_is_torn_and_the_next_one_follows_in_the_middle_of_it() {
        Bench bench = Bench.of(stubborn(ShortWrite.TORN, Duration.ofSeconds(10)));
        Bench.Client client = ready(bench, 20);
        sayNothingOfNote(bench, 3);
        bench.host.advance(Duration.ofSeconds(9));
        bench.host.advance(Duration.ofSeconds(1));
        client.reads(10_000);

        List<String> texts = client.texts();
        assertThat(client.rubbish).isEqualTo(1);
        assertThat(texts).hasSizeLessThan(2);
        assertThat(client.end).isEqualTo("none");
    }

    @Test
    void when_nothing_is_taken_any_more_the_client_is_given_up() {
        Bench bench = Bench.of(stubborn(ShortWrite.TORN, Duration.ZERO));
        Bench.Client client = ready(bench, 20);
        sayNothingOfNote(bench, 2);

        assertThat(client.bytes()).hasSize(20);
        assertThat(client.end).isEqualTo("FIN");
        assertThat(bench.ready().end).isEqualTo("none");
    }

    @Test
    void firmware_2_8_closes_at_the_first_short_write() {
        Bench bench = Bench.of(stubborn(ShortWrite.CLOSE, Duration.ZERO));
        Bench.Client client = ready(bench, 20);
        sayNothingOfNote(bench, 1);

        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void later_builds_keep_the_rest_and_go_on_with_it() {
        Bench bench = Bench.of(stubborn(ShortWrite.RETAIN, Duration.ZERO));
        Bench.Client client = ready(bench, 20);
        sayNothingOfNote(bench, 2);
        client.sends(Bench.broadcast(5, "the node still reads"));
        bench.host.advance(Duration.ofMinutes(1));
        assertThat(bench.node.sent()).hasSize(1);
        assertThat(client.bytes()).hasSize(20);
        client.reads(10_000);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.texts()).hasSize(2);
        assertThat(client.rubbish).isZero();
        assertThat(client.end).isEqualTo("none");
    }

    @Test
    void a_client_cut_off_while_the_node_waits_for_it_frees_the_node_at_once() {
        Bench bench = Bench.of(stubborn(ShortWrite.TORN, Duration.ofHours(1)));
        Bench.Client client = ready(bench, 20);
        sayNothingOfNote(bench, 2);
        client.breaks();

        assertThat(bench.ready().end).isEqualTo("none");
    }

    @Test
    void a_restart_in_the_middle_of_a_write_leaves_nobody_waiting() {
        Bench bench = Bench.of(stubborn(ShortWrite.TORN, Duration.ofHours(1)));
        Bench.Client client = ready(bench, 20);
        sayNothingOfNote(bench, 2);
        bench.node.reboot();
        bench.host.advance(Duration.ofSeconds(10));

        assertThat(client.end).isEqualTo("silence");
        assertThat(bench.ready().end).isEqualTo("none");
    }
}
