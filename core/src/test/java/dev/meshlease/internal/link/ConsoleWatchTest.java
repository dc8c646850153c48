package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.BACKING_OFF;
import static dev.meshlease.LinkState.CONNECTING;
import static dev.meshlease.LinkState.HANDSHAKING;
import static dev.meshlease.LinkState.READY;
import static dev.meshlease.internal.link.EngineRig.FIRMWARE;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static dev.meshlease.internal.link.ScriptedNode.rebooted;
import static dev.meshlease.internal.link.ScriptedNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.DeliveryStage;
import dev.meshlease.LossCause;
import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.message.Cursor;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.Loss;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a link does at a serial console, over one connection. */
class ConsoleWatchTest {
    private final EngineRig rig = new EngineRig().console();

    private EngineRig print(String text) {
        return rig.say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private long wishes() {
        return rig.written.stream().filter(ToRadio::hasWantConfigId).count();
    }

    /** Answers heartbeats, and nothing else. */
    private void passMute(int seconds) {
        long answered = rig.heartbeats();
        for (int i = 0; i < seconds; i++) {
            rig.passSeconds(1);
            for (; answered < rig.heartbeats(); answered++) {
                rig.say(queueStatus(0, 0));
            }
        }
    }

    private void assertStartedOver(LossCause cause, String evidence) {
        assertThat(rig.state()).isEqualTo(HANDSHAKING);
        assertThat(rig.cause()).isEqualTo(cause);
        assertThat(rig.loss().evidence()).contains(evidence);
        assertThat(rig.loss().generation()).isOne();
        assertThat(rig.engine.status().generation()).isEqualTo(2);
        assertThat(rig.connects).as("over the same connection").isOne();
        assertThat(rig.aborts + rig.hangUps).isZero();
        assertThat(wishes()).isEqualTo(2);
        assertThat(rig.gaps).hasSize(1);
        rig.shakeHands(FIRMWARE).say(text(PEER, "again"));
        assertThat(rig.packets)
                .last()
                .satisfies(packet -> assertThat(packet.reception().generation()).isEqualTo(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\nESP-ROM:esp32s3-20210327\r\n",
                "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\n",
                "\u0000\u00f8\u0094ets Jul 29 2019 12:21:46\r\n"
            })
    void the_words_of_a_starting_chip_begin_a_new_session(String words) {
        rig.ready();
        print(words);
        assertStartedOver(LossCause.REBOOTED, words.strip().substring(4, 12));
    }

    @Test
    void they_may_come_in_pieces_with_frames_between_them() {
        rig.ready();
        print("log line\r\nrst:0x");
        rig.say(text(PEER, "between"));
        assertThat(rig.state()).isEqualTo(READY);
        print("3 (SW_RESET)\r\n");
        assertStartedOver(LossCause.REBOOTED, "'rst:0x3 (SW_RESET)'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INFO  | 12:00:00 5 [Router] Received text msg: rst:0x1 (POWERON)\r\n",
                "\u001b[32mINFO \u001b[0m| ESP-ROM: update\r\n",
                "resets 3\r\n",
                "rst:0x1 (POWERON) without an end"
            })
    void other_lines_do_not(String line) {
        rig.ready();
        print(line);
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(wishes()).isOne();
    }

    @Test
    void on_a_network_connection_they_are_noise() {
        var network = new EngineRig().ready();
        network.say("\r\nESP-ROM:esp32s3-20210327\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(network.state()).isEqualTo(READY);
    }

    @Test
    void a_node_that_says_that_it_restarted_is_asked_over_the_same_connection() {
        rig.ready().say(rebooted());
        assertStartedOver(LossCause.REBOOTED, "the node said that it restarted");
    }

    @Test
    void a_starting_chip_is_asked_until_it_answers() {
        rig.ready();
        print("\r\nESP-ROM:esp32s3-20210327\r\n");
        rig.passSeconds(2.999);
        assertThat(wishes()).isEqualTo(2);
        rig.passSeconds(0.001);
        assertThat(wishes()).isEqualTo(3);
        rig.say(ScriptedNode.myInfo()).passSeconds(14);
        assertThat(wishes()).as("not into an answer that has begun").isEqualTo(3);
        rig.shakeHands(FIRMWARE);
    }

    @Test
    void a_chip_that_restarts_while_it_answers_is_asked_for_all_of_it() {
        rig.demand().opened().say(ScriptedNode.myInfo());
        int nonce = rig.nonce();
        print("\r\nESP-ROM:esp32s3-20210327\r\n");
        rig.passSeconds(3);
        assertThat(wishes()).isEqualTo(2);
        assertThat(rig.nonce()).isNotEqualTo(nonce);
        rig.shakeHands(FIRMWARE);
        assertThat(rig.engine.status().generation()).isOne();
    }

    @Test
    void one_that_does_not_answer_the_new_session_either_is_connected_to_anew() {
        rig.ready();
        print("\r\nESP-ROM:esp32s3-20210327\r\n");
        print("entry 0x403c98d8\r\n");
        rig.passSeconds(44.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001).closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.TIMED_OUT);
        assertThat(rig.loss().evidence()).contains("it printed 'entry 0x403c98d8..'");
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
        rig.retry();
        assertThat(rig.state()).isEqualTo(CONNECTING);
    }

    /** Whoever had the port before may have left the beginning of a frame there, which would swallow the questions. */
    @Test
    void each_repeated_question_goes_behind_bytes_that_end_whatever_frame_was_begun() {
        rig.demand().opened();
        assertThat(rig.resyncs).isZero();
        rig.passSeconds(3);
        assertThat(rig.resyncs).isOne();
        assertThat(wishes()).isEqualTo(2);
    }

    @Test
    void a_cable_that_is_pulled_out_is_told_as_that_whatever_the_console_printed() {
        rig.demand().opened();
        print("INFO  | 00:00:01 1 Booting\r\n").closed(Loss.Kind.NO_SUCH_DEVICE);
        assertThat(rig.cause()).isEqualTo(LossCause.NO_SUCH_DEVICE);
        assertThat(rig.loss().evidence()).contains("as scripted", "INFO  | 00:00:01");
    }

    @Test
    void what_it_prints_between_messages_is_told_a_line_at_a_time_from_the_start_and_is_no_error() {
        rig.demand().opened();
        print("INFO  | 00:00:01 1 [Main] Boot").shakeHands(FIRMWARE);
        print("ing\r\nDEBUG | ??:??:?? 2 x\n");
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.printed).extracting(LogRecord::getMessage).containsExactly("Booting", "x");
        assertThat(rig.messages).noneMatch(FromRadio::hasLogRecord);
    }

    @Test
    void what_the_node_logs_is_told_during_the_handshake_too() {
        LogRecord early = LogRecord.newBuilder().setMessage("early").build();
        LogRecord late = LogRecord.newBuilder().setMessage("late").build();
        rig.demand().opened().say(FromRadio.newBuilder().setLogRecord(early).build());
        rig.shakeHands(FIRMWARE).say(FromRadio.newBuilder().setLogRecord(late).build());
        assertThat(rig.printed).containsExactly(early);
        assertThat(rig.messages)
                .filteredOn(FromRadio::hasLogRecord)
                .extracting(FromRadio::getLogRecord)
                .containsExactly(late);
    }

    @Test
    void noise_on_the_network_is_no_log() {
        var network = new EngineRig().ready();
        network.say("INFO  | 00:00:01 1 [Main] Booting\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(network.printed).isEmpty();
    }

    @Test
    void a_server_on_the_network_is_asked_once() {
        var network = new EngineRig().demand().opened().passSeconds(14.999);
        assertThat(network.written).hasSize(1);
    }

    @Test
    void fourteen_minutes_without_a_word_of_ours_begin_a_new_session_even_if_only_the_walls_clock_knows() {
        rig.ready().suspend(Duration.ofMinutes(14).plusMillis(1)).passSeconds(30);
        assertStartedOver(LossCause.DEAD, "nothing was written to the serial console for 14 min");
        assertThat(rig.heartbeats()).isZero();
    }

    @Test
    void a_shorter_sleep_does_not() {
        rig.ready().suspend(Duration.ofMinutes(13).plusSeconds(29)).passSeconds(30);
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.heartbeats()).isOne();
    }

    @Test
    void a_loop_that_was_held_up_for_so_long_does_not_ask_into_the_void() {
        rig.ready().tick(Duration.ofMinutes(15).toNanos());
        assertStartedOver(LossCause.DEAD, "for 15 min");
    }

    @Test
    void a_packet_sent_after_such_a_sleep_waits_for_the_new_session() {
        rig.ready().suspend(Duration.ofMinutes(20));
        var parcel = rig.send(Plan.broadcast(Parcel.PRIVATE));
        assertThat(rig.sent()).isEmpty();
        assertStartedOver(LossCause.DEAD, "for 20 min");
        assertThat(rig.sentIds()).containsExactly(parcel.id());
    }

    @Test
    void bytes_that_waited_for_such_a_sleep_to_end_are_of_the_new_session() {
        rig.ready().suspend(Duration.ofMinutes(20)).say(text(PEER, "old"));
        assertThat(rig.state()).isEqualTo(HANDSHAKING);
        assertThat(rig.packets).isEmpty();
        rig.shakeHands(FIRMWARE);
        assertThat(rig.packets)
                .singleElement()
                .satisfies(packet -> assertThat(packet.cursor()).isEqualTo(new Cursor(7, 1)));
    }

    @Test
    void a_network_connection_knows_no_such_sleep() {
        var network = new EngineRig().ready().suspend(Duration.ofMinutes(20)).passSeconds(30);
        assertThat(network.state()).isEqualTo(READY);
    }

    @Test
    void a_console_that_has_told_of_no_packet_for_two_minutes_is_asked_for_its_metadata() throws Exception {
        rig.ready();
        passMute(119);
        assertThat(rig.sent()).isEmpty();
        passMute(1);
        MeshPacket question = rig.sent().get(0);
        assertThat(question.getTo()).isEqualTo(ScriptedNode.OWN.number());
        assertThat(question.getDecoded().getPortnum()).isEqualTo(PortNum.ADMIN_APP);
        assertThat(AdminMessage.parseFrom(question.getDecoded().getPayload()).getGetDeviceMetadataRequest())
                .isTrue();
    }

    @Test
    void if_it_only_answers_heartbeats_it_is_mute() {
        rig.ready();
        passMute(129);
        assertThat(rig.state()).isEqualTo(READY);
        passMute(1);
        assertStartedOver(LossCause.DEAD, "mute: it told of no packet for 130 s");
    }

    @Test
    void its_answer_is_nobody_elses_business_and_good_for_two_more_minutes() {
        rig.ready();
        passMute(120);
        rig.say(ScriptedNode.answer(
                ScriptedNode.OWN, Parcel.ADMIN, rig.sentIds().get(0), ByteString.EMPTY));
        assertThat(rig.packets).isEmpty();
        passMute(119);
        assertThat(rig.sent()).hasSize(1);
        passMute(1);
        assertThat(rig.sent()).hasSize(2);
    }

    @Test
    void an_answer_that_waited_for_the_next_session_is_nobody_elses_business_either() {
        rig.ready();
        passMute(130);
        rig.shakeHands(FIRMWARE);
        rig.say(ScriptedNode.answer(
                ScriptedNode.OWN, Parcel.ADMIN, rig.sentIds().get(0), ByteString.EMPTY));
        assertThat(rig.packets).isEmpty();
    }

    /** One that is managed passes over the question; but that it took the packet it says. */
    @Test
    void the_verdict_alone_is_enough() {
        rig.ready();
        passMute(120);
        rig.say(queueStatus(rig.sentIds().get(0), 0));
        passMute(11);
        assertThat(rig.state()).isEqualTo(READY);
    }

    @Test
    void a_console_with_packets_is_not_asked() {
        rig.ready();
        for (int minute = 0; minute < 60; minute++) {
            rig.say(text(PEER, "chatter"));
            passMute(60);
        }
        assertThat(rig.sent()).isEmpty();
    }

    @Test
    void log_text_is_no_sign_that_it_delivers() {
        rig.ready();
        for (int second = 0; second < 130; second++) {
            rig.passSeconds(1);
            print("INFO  | still here\r\n");
        }
        assertStartedOver(LossCause.DEAD, "mute");
    }

    @Test
    void a_silent_console_is_first_asked_over_the_same_connection() {
        rig.ready().passSeconds(45);
        assertStartedOver(LossCause.DEAD, "not a byte for 45 s");
    }

    @Test
    void one_that_takes_nothing_is_connected_to_anew() {
        rig.ready().stuck(true).passSeconds(15).closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.DEAD);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
    }

    @Test
    void what_was_under_way_goes_again_under_its_id_but_a_command_to_the_node_does_not() {
        rig.ready();
        var broadcast = rig.send(Plan.broadcast(Parcel.PRIVATE));
        print("\r\nESP-ROM:esp32s3-20210327\r\n");
        rig.shakeHands(FIRMWARE).passSeconds(2);
        assertThat(rig.sentIds()).containsExactly(broadcast.id(), broadcast.id());
        rig.say(queueStatus(broadcast.id(), 0));

        var command = rig.send(Plan.broadcast(Parcel.ADMIN).to(ScriptedNode.OWN).wantReply());
        print("\r\nESP-ROM:esp32s3-20210327\r\n");
        assertThat(command.stages()).endsWith(DeliveryStage.UNKNOWN);
    }

    @Test
    void a_console_that_starts_while_it_is_being_left_is_left() {
        rig.ready().send(Plan.broadcast(Parcel.PRIVATE));
        rig.rest().say("\r\nESP-ROM:esp32s3-20210327\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(wishes()).isOne();
        assertThat(rig.aborts).isOne();
    }

    @Test
    void a_session_that_held_for_thirty_seconds_has_the_waits_start_over_as_on_a_network() {
        rig.demand().closed(Loss.Kind.BUSY).retry().closed(Loss.Kind.BUSY).retry();
        rig.opened().shakeHands(FIRMWARE).passSeconds(30);
        print("\r\nESP-ROM:esp32s3-20210327\r\n");
        rig.closed(Loss.Kind.NO_SUCH_DEVICE);
        assertThat(rig.untilDue()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }
}
