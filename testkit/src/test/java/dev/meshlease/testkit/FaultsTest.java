package dev.meshlease.testkit;

import static dev.meshlease.testkit.Faulty.CLEAN;
import static dev.meshlease.testkit.Faulty.asking;
import static dev.meshlease.testkit.Faulty.completeFrame;
import static dev.meshlease.testkit.Faulty.dump;
import static dev.meshlease.testkit.Faulty.faulty;
import static dev.meshlease.testkit.Faulty.isComplete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.message.NodeId;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.fault.Receiver;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.internal.firmware.Witness;
import dev.meshlease.testkit.node.ShortWrite;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each fault of frames and connections as a client meets it, byte by byte. */
class FaultsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    // Frames

    @Test
    void a_dropped_frame_is_lost_and_no_other() {
        Bench bench = faulty(Fault.drop().at(Point.CHANNEL).after(2).times(1));
        List<FromRadio> received = asking(bench).received();

        assertThat(received)
                .filteredOn(FromRadio::hasChannel)
                .extracting(message -> message.getChannel().getIndex())
                .containsExactly(0, 1, 3, 4, 5, 6, 7);
        assertThat(received).anyMatch(FromRadio::hasConfigCompleteId);
        assertThat(bench.node.faults().strikes()).isEqualTo(1);
    }

    @Test
    void what_a_client_says_can_be_lost_as_well() {
        Bench bench = faulty(Fault.drop().to(Receiver.NODE).times(1));
        Bench.Client client = asking(bench);
        assertThat(client.bytes()).isEmpty();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(dump(client)).isEqualTo(CLEAN);
    }

    @Test
    void a_delayed_frame_comes_late_and_in_order_with_all_behind_it() {
        Bench bench =
                faulty(Fault.delay(Duration.ofMillis(300)).at(Point.METADATA), Fault.delay(Duration.ofMillis(100)));
        Bench.Client client = asking(bench);
        bench.host.advance(Duration.ofMillis(50));
        assertThat(client.bytes()).isEmpty();
        bench.host.advance(Duration.ofMillis(230));
        int early = client.bytes().length;
        assertThat(client.received()).isNotEmpty().noneMatch(FromRadio::hasMetadata);
        bench.host.advance(Duration.ofMillis(100));
        assertThat(client.bytes()).hasSize(early);
        bench.host.advance(Duration.ofMillis(150));

        assertThat(dump(client)).isEqualTo(CLEAN);
    }

    @Test
    void a_corrupt_frame_has_one_wrong_byte() {
        byte[] bytes = dump(faulty(Fault.corrupt().at(Point.MY_INFO)));

        assertThat(bytes).hasSameSizeAs(CLEAN);
        assertThat(wrong(bytes)).hasSize(1).allMatch(i -> i < firstFrame().length);
    }

    private static List<Integer> wrong(byte[] bytes) {
        return IntStream.range(0, bytes.length)
                .filter(i -> bytes[i] != CLEAN[i])
                .boxed()
                .toList();
    }

    private static byte[] firstFrame() {
        int length = (CLEAN[2] & 0xFF) << 8 | (CLEAN[3] & 0xFF);
        return Arrays.copyOf(CLEAN, 4 + length);
    }

    @Test
    void a_truncated_frame_lacks_its_end() {
        byte[] bytes = dump(faulty(Fault.truncate().at(Point.MY_INFO)));
        int kept = bytes.length - (CLEAN.length - firstFrame().length);

        assertThat(kept).isPositive().isLessThan(firstFrame().length);
        assertThat(Arrays.copyOf(bytes, kept)).isEqualTo(Arrays.copyOf(CLEAN, kept));
        assertThat(Arrays.copyOfRange(bytes, kept, bytes.length))
                .isEqualTo(Arrays.copyOfRange(CLEAN, firstFrame().length, CLEAN.length));
    }

    @Test
    void garbage_comes_before_a_frame_which_is_whole() {
        byte[] bytes = dump(faulty(Fault.garbage().at(Point.MY_INFO)));
        int garbage = bytes.length - CLEAN.length;

        assertThat(garbage).isBetween(1, 16);
        assertThat(Arrays.copyOfRange(bytes, garbage, bytes.length)).isEqualTo(CLEAN);
    }

    @Test
    void garbage_is_no_part_of_the_frame_that_is_damaged() {
        List<Fault> faults =
                new ArrayList<>(Collections.nCopies(20, Fault.garbage().at(Point.MY_INFO)));
        faults.addAll(Collections.nCopies(5, Fault.corrupt().at(Point.MY_INFO)));
        byte[] bytes = dump(faulty(faults.toArray(Fault[]::new)));

        assertThat(wrong(Arrays.copyOfRange(bytes, bytes.length - CLEAN.length, bytes.length)))
                .hasSize(5)
                .allMatch(i -> i < firstFrame().length);
    }

    @Test
    void a_split_frame_comes_byte_by_byte() {
        VirtualEnvironment environment = VirtualEnvironment.create(1);
        try (SimulatedNode node = SimulatedNode.builder()
                .number(new NodeId(0x1234))
                .fault(Fault.splitEverywhere())
                .start(environment)) {
            MemoryClient client = MemoryClient.open(environment, node.endpoint().address());
            client.writes(TcpClient.wantsConfig(1));
            environment.advance(Duration.ofSeconds(2));

            assertThat(client.received().length).isGreaterThan(500);
            assertThat(client.pieces).containsOnly(1);
        }
    }

    @Test
    void a_question_that_comes_byte_by_byte_takes_its_time() {
        Bench bench = faulty(Fault.splitEverywhere().to(Receiver.NODE));
        Bench.Client client = bench.connect();
        byte[] question = new byte[400];
        client.writes(NodeFraming.frame(question));
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        assertThat(client.bytes()).isEmpty();
        bench.host.advance(Duration.ofMillis(50));

        assertThat(dump(client)).isEqualTo(CLEAN);
    }

    @Test
    void faults_of_one_frame_add_up() {
        byte[] bytes = dump(faulty(
                Fault.garbage().at(Point.MY_INFO),
                Fault.drop().at(Point.CONFIG_COMPLETE),
                Fault.garbage().at(Point.MY_INFO)));

        assertThat(bytes.length)
                .isBetween(CLEAN.length + 2 - completeFrame().length, CLEAN.length + 32 - completeFrame().length);
    }

    @Test
    void a_frame_that_is_lost_has_its_other_faults_all_the_same() {
        Fault drop = Fault.drop().at(Point.METADATA);
        Fault close = Fault.close().at(Point.METADATA);
        for (Bench bench : List.of(faulty(drop, close), faulty(close, drop))) {
            Bench.Client client = asking(bench);
            assertThat(client.end).isEqualTo("FIN");
            assertThat(client.received()).isNotEmpty().noneMatch(FromRadio::hasMetadata);
        }
    }

    @Test
    void a_frame_that_is_lost_counts_for_the_others() {
        Fault drop = Fault.drop().at(Point.CHANNEL).times(2);
        Fault reset = Fault.reset().at(Point.CHANNEL).after(3);
        for (Bench bench : List.of(faulty(drop, reset), faulty(reset, drop))) {
            assertThat(asking(bench).received())
                    .filteredOn(FromRadio::hasChannel)
                    .extracting(message -> message.getChannel().getIndex())
                    .containsExactly(2);
        }
    }

    // Silence and stalls

    @Test
    void silence_loses_what_is_said_meanwhile() {
        Bench bench = faulty();
        Bench.Client client = bench.ready();
        bench.node.inject(Fault.silence().lasting(Duration.ofSeconds(10)));
        client.beats(0);
        bench.node.peers().get(0).says("unheard");
        bench.host.advance(Duration.ofSeconds(10));
        assertThat(client.received()).isEmpty();
        bench.node.peers().get(0).says("heard");
        bench.host.advance(SECOND);

        assertThat(client.texts()).containsExactly("heard");
        assertThat(client.statuses()).isEmpty();
        assertThat(client.end).isEqualTo("none");
    }

    @Test
    void silence_may_be_in_one_direction() {
        Bench bench = faulty(Fault.silence().to(Receiver.NODE).at(Point.HEARTBEAT));
        Bench.Client client = bench.ready();
        client.beats(0);
        client.beats(0);
        bench.node.peers().get(0).says("still heard");
        bench.host.advance(SECOND);

        assertThat(client.statuses()).isEmpty();
        assertThat(client.texts()).containsExactly("still heard");
        assertThat(bench.node.faults().strikes()).isEqualTo(1);
    }

    @Test
    void silence_in_one_direction_waits_for_frames_that_the_client_gets() {
        Bench bench = faulty(Fault.silence().to(Receiver.NODE).after(3));
        Bench.Client client = asking(bench);
        assertThat(dump(client)).isEqualTo(CLEAN);
        assertThat(bench.node.faults().strikes()).isEqualTo(1);
        client.forget();
        client.beats(0);
        bench.host.advance(SECOND);

        assertThat(client.statuses()).isEmpty();
    }

    @Test
    void a_node_that_stalls_reading_leaves_the_clients_bytes_in_the_connection() {
        Bench bench = faulty();
        Bench.Client client = bench.ready();
        Injection stall = bench.node.inject(Fault.stallReading());
        bench.host.advance(Bench.MOMENT);
        client.beats(0);
        bench.host.advance(SECOND);
        assertThat(client.unwritten()).isPositive();
        assertThat(client.received()).isEmpty();
        stall.close();
        bench.host.advance(SECOND);

        assertThat(client.unwritten()).isZero();
        assertThat(client.statuses()).hasSize(1);
    }

    @Test
    void what_a_node_that_stalls_writing_says_comes_later() {
        Bench bench = faulty(Fault.stallWriting().at(Point.CONFIG).lasting(Duration.ofSeconds(5)));
        Bench.Client client = asking(bench);
        assertThat(client.received()).isNotEmpty().noneMatch(FromRadio::hasConfig);
        bench.host.advance(Duration.ofSeconds(5));

        assertThat(dump(client)).isEqualTo(CLEAN);
    }

    @Test
    void a_node_that_stalls_writing_takes_its_client_for_a_slow_reader() {
        Bench bench = Bench.of(SimulatedNode.builder()
                .nodes(20)
                .variant(Variant.nativeDaemon())
                .with(Switch.SEND_BUFFER, 1000)
                .with(Switch.SHORT_WRITE, ShortWrite.CLOSE)
                .fault(Fault.stallWriting().at(Point.CHANNEL)));
        Bench.Client client = asking(bench);
        bench.host.advance(Duration.ofSeconds(20));

        assertThat(isComplete(client)).isFalse();
        assertThat(client.end).isNotEqualTo("none");
    }

    // Ends

    @Test
    void a_connection_closed_at_the_end_of_the_handshake_lacks_just_that() {
        Bench bench = faulty(Fault.close().at(Point.CONFIG_COMPLETE).times(1));
        Bench.Client client = asking(bench);
        assertThat(client.end).isEqualTo("FIN");
        assertThat(client.bytes()).isEqualTo(Arrays.copyOf(CLEAN, CLEAN.length - completeFrame().length));
        assertThat(dump(bench)).isEqualTo(CLEAN);

        assertThat(bench.node.evictions()).isZero();
    }

    @Test
    void a_connection_is_reset_after_so_many_frames() {
        Bench bench = faulty(Fault.reset().after(5));
        Bench.Client client = asking(bench);

        assertThat(client.end).isEqualTo("RST");
        assertThat(client.received()).hasSize(5);
        assertThat(asking(bench).end).isEqualTo("RST");
        assertThat(bench.node.faults().strikes()).isEqualTo(2);
    }

    @Test
    void a_fault_without_a_point_strikes_the_connection_that_is_there_and_those_that_come() {
        Bench bench = faulty();
        Bench.Client client = bench.ready();
        Injection resets = bench.node.inject(Fault.reset());
        assertThat(client.end).isEqualTo("RST");
        assertThat(bench.connect().end).isEqualTo("RST");
        assertThat(resets.strikes()).isEqualTo(2);
        resets.close();
        resets.close();

        assertThat(dump(bench)).isEqualTo(CLEAN);
    }

    @Test
    void an_end_in_order_waits_for_what_is_late() {
        Bench bench = faulty(Fault.delay(SECOND).to(Receiver.CLIENT));
        Bench.Client client = asking(bench);
        client.disconnects();
        bench.host.advance(Duration.ofMillis(500));
        assertThat(client.end).isEqualTo("none");
        bench.host.advance(SECOND);

        assertThat(dump(client)).isEqualTo(CLEAN);
        assertThat(client.end).isEqualTo("FIN");
    }

    @Test
    void an_end_in_order_does_not_wait_for_ever() {
        Bench bench = faulty(Fault.stallWriting().at(Point.CONFIG));
        Bench.Client client = asking(bench);
        client.disconnects();
        bench.host.advance(Duration.ofSeconds(11));

        assertThat(client.end).isEqualTo("RST");
    }

    @Test
    void only_the_second_connection() {
        Bench bench = faulty(Fault.close().connection(2));

        assertThat(bench.connect().end).isEqualTo("none");
        assertThat(bench.connect().end).isEqualTo("FIN");
        assertThat(bench.connect().end).isEqualTo("none");
    }

    // Faults as a whole

    @Test
    void a_fault_of_frames_may_last_for_a_while() {
        Bench bench = faulty(Fault.drop().lasting(Duration.ofSeconds(10)));
        assertThat(asking(bench).bytes()).isEmpty();
        bench.host.advance(Duration.ofSeconds(10));

        assertThat(dump(bench)).isEqualTo(CLEAN);
    }

    @Test
    void chance_strikes_now_and_then() {
        Bench bench = faulty();
        Bench.Client client = bench.ready();
        Injection losses = bench.node.inject(Fault.drop().chance(0.3).to(Receiver.CLIENT));
        for (int i = 0; i < 200; i++) {
            client.beats(0);
            bench.host.advance(Bench.MOMENT);
        }

        assertThat(losses.strikes()).isBetween(30, 90);
        assertThat(client.statuses()).hasSize(200 - losses.strikes());
    }

    @Test
    void a_fault_that_comes_in_the_middle_of_a_frame_strikes_the_next_one() {
        Bench bench = faulty();
        Bench.Client client = bench.ready();
        byte[] beat = TcpClient.beat();
        client.writes(Arrays.copyOf(beat, 3));
        bench.host.advance(Bench.MOMENT);
        Injection drop = bench.node.inject(Fault.drop().to(Receiver.NODE));
        client.writes(Arrays.copyOfRange(beat, 3, beat.length));
        client.beats(0);
        bench.host.advance(SECOND);

        assertThat(client.statuses()).hasSize(1);
        assertThat(drop.strikes()).isEqualTo(1);
    }

    @Test
    void witnesses_see_what_is_on_the_wire() {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        List<String> notes = new ArrayList<>();
        Bench bench = faulty(Fault.drop().at(Point.CONFIG_COMPLETE));
        bench.firmware.watch(new Witness() {
            @Override
            public void sent(String connection, byte[] bytes, int offset, int length) {
                seen.write(bytes, offset, length);
            }

            @Override
            public void noted(String what) {
                notes.add(what);
            }
        });
        Bench.Client client = asking(bench);

        assertThat(client.received()).isNotEmpty().noneMatch(FromRadio::hasConfigCompleteId);
        assertThat(seen.toByteArray()).isEqualTo(client.bytes());
        assertThat(notes).containsExactly("drop:at=config_complete strikes A");
    }

    @Test
    void a_node_that_is_closed_ends_its_clients_whatever_holds_them_up() {
        Bench bench = faulty(
                Fault.delay(Duration.ofHours(1)).to(Receiver.CLIENT),
                Fault.stallWriting().at(Point.CONFIG));
        Bench.Client client = asking(bench);
        bench.node.close();

        assertThat(client.end).isEqualTo("FIN");
        assertThat(client.received()).anyMatch(FromRadio::hasMyInfo);
    }
}
