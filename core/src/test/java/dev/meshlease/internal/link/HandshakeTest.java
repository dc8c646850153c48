package dev.meshlease.internal.link;

import static dev.meshlease.LinkState.BACKING_OFF;
import static dev.meshlease.LinkState.HANDSHAKING;
import static dev.meshlease.LinkState.READY;
import static dev.meshlease.internal.link.EngineRig.FIRMWARE;
import static dev.meshlease.internal.link.ScriptedNode.OWN;
import static dev.meshlease.internal.link.ScriptedNode.PEER;
import static dev.meshlease.internal.link.ScriptedNode.channel;
import static dev.meshlease.internal.link.ScriptedNode.complete;
import static dev.meshlease.internal.link.ScriptedNode.frame;
import static dev.meshlease.internal.link.ScriptedNode.handshake;
import static dev.meshlease.internal.link.ScriptedNode.hopLimit;
import static dev.meshlease.internal.link.ScriptedNode.metadata;
import static dev.meshlease.internal.link.ScriptedNode.myInfo;
import static dev.meshlease.internal.link.ScriptedNode.queueStatus;
import static dev.meshlease.internal.link.ScriptedNode.rebooted;
import static dev.meshlease.internal.link.ScriptedNode.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.LinkOptions;
import dev.meshlease.LossCause;
import dev.meshlease.internal.link.Parcel.Plan;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.Channel;
import dev.meshlease.spi.Loss;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static final byte[] HTTP_ANSWER = "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n".getBytes(US_ASCII);

    private final EngineRig rig = new EngineRig();

    @Test
    void a_handshake_without_end_is_given_up() {
        rig.demand().opened();
        for (int i = 0; i < Session.MOST_MESSAGES; i++) {
            rig.say(channel(i));
        }
        assertThat(rig.state()).isEqualTo(HANDSHAKING);
        rig.say(channel(0)).closed(Loss.Kind.CLOSED);

        assertThat(rig.cause()).isEqualTo(LossCause.PROTOCOL_ERROR);
        assertThat(rig.loss().evidence()).contains("has no end");
    }

    @Test
    void asks_with_a_nonce_of_its_own_and_keeps_what_it_is_told() {
        rig.demand().opened();
        assertThat(rig.written).hasSize(1);
        assertThat(rig.nonce()).isNotIn(0, 69420, 69421);
        rig.say(myInfo(), metadata(FIRMWARE), channel(1), channel(0), hopLimit(5), complete(rig.nonce()));

        var snapshot = rig.snapshots.get(0);
        assertThat(snapshot.id()).isEqualTo(OWN);
        assertThat(snapshot.hopLimit()).isEqualTo(5);
        assertThat(snapshot.metadata().getFirmwareVersion()).isEqualTo(FIRMWARE);
        assertThat(snapshot.channels()).extracting(Channel::getIndex).containsExactly(0, 1);
        assertThat(snapshot.generation()).isOne();
        assertThat(snapshot.cursor()).isEqualTo(new Cursor(7, 0));
    }

    @Test
    void never_draws_a_nonce_that_the_firmware_takes_for_something_else() {
        Iterator<Integer> draws = List.of(0, 69420, 69421, 5).iterator();
        assertThat(Handshake.nonce(true, (Scripted) draws::next)).isEqualTo(5);
    }

    private interface Scripted extends RandomGenerator {
        @Override
        int nextInt();

        @Override
        default long nextLong() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void without_the_node_database_it_asks_by_the_firmwares_number_for_that() {
        assertThat(Handshake.nonce(false, new Random(1))).isEqualTo(69420);
        var small = new EngineRig(LinkOptions.builder().nodeDatabase(false).build());
        small.ready();
        assertThat(small.nonce()).isEqualTo(69420);
    }

    @Test
    void what_completes_somebody_elses_handshake_is_ignored() {
        rig.demand().opened().say(myInfo(), complete(rig.nonce() + 1));
        assertThat(rig.state()).isEqualTo(HANDSHAKING);
        rig.say(complete(rig.nonce()));
        assertThat(rig.state()).isEqualTo(READY);
    }

    @Test
    void a_handshake_without_the_nodes_number_is_worth_nothing() {
        rig.demand().opened().say(metadata(FIRMWARE), channel(0), complete(rig.nonce()));
        assertThat(rig.aborts).isOne();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.PROTOCOL_ERROR);
        assertThat(rig.snapshots).isEmpty();
    }

    @Test
    void an_end_in_the_middle_is_an_end() {
        rig.demand().opened().say(myInfo(), channel(0)).closed(Loss.Kind.END_OF_STREAM);
        assertThat(rig.cause()).isEqualTo(LossCause.END_OF_STREAM);
        assertThat(rig.state()).isEqualTo(BACKING_OFF);
    }

    @Test
    void half_a_frame_of_the_last_connection_does_not_spoil_the_next() {
        byte[] whole = frame(metadata(FIRMWARE));
        byte[] half = new byte[whole.length / 2];
        System.arraycopy(whole, 0, half, 0, half.length);
        rig.demand().opened().say(myInfo()).say(half).closed(Loss.Kind.RESET);
        rig.retry().opened().shakeHands(FIRMWARE);
        assertThat(rig.snapshots).hasSize(1);
    }

    // ---- patience

    @Test
    void fifteen_seconds_of_silence_are_enough() {
        rig.demand().opened().passSeconds(10).say(myInfo()).passSeconds(14.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.aborts).isOne();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.TIMED_OUT);
        assertThat(rig.loss().evidence()).contains("1 messages, 0 of 2 nodes");
    }

    @Test
    void a_node_that_only_ever_makes_progress_gets_two_minutes() {
        rig.demand().opened();
        for (int second = 10; second < 120; second += 10) {
            rig.passSeconds(10).say(channel(0));
        }
        rig.passSeconds(9.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.aborts).isOne();
        rig.closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.TIMED_OUT);
    }

    @Test
    void a_mute_node_is_asked_once_and_given_up() {
        rig.demand().opened().passSeconds(14.999);
        assertThat(rig.aborts).isZero();
        rig.passSeconds(0.001);
        assertThat(rig.aborts).isOne();
        assertThat(rig.written).hasSize(1);
    }

    @Test
    void a_node_that_starts_anew_is_asked_anew_and_what_it_told_before_is_void() {
        rig.demand().opened().say(myInfo(), channel(3), rebooted());
        assertThat(rig.written).hasSize(2);
        assertThat(rig.state()).isEqualTo(HANDSHAKING);
        rig.shakeHands(FIRMWARE);
        assertThat(rig.snapshots.get(0).channels())
                .extracting(Channel::getIndex)
                .containsExactly(0);
    }

    @Test
    void what_answers_in_another_protocol_is_no_node_and_is_quoted() {
        rig.demand().opened().say(HTTP_ANSWER).closed(Loss.Kind.END_OF_STREAM);
        assertThat(rig.cause()).isEqualTo(LossCause.PROTOCOL_ERROR);
        assertThat(rig.loss().evidence())
                .contains("'HTTP/1.1 400 Bad Request..Server: nginx")
                .contains("as scripted");
    }

    @Test
    void what_speaks_another_protocol_and_then_waits_is_no_node_either() {
        rig.demand().opened().say(HTTP_ANSWER).passSeconds(15).closed(Loss.Kind.CLOSED);
        assertThat(rig.cause()).isEqualTo(LossCause.PROTOCOL_ERROR);
        assertThat(rig.loss().evidence()).contains("HTTP/1.1 400");
    }

    @Test
    void the_sample_is_of_this_connection_and_short() {
        rig.demand()
                .opened()
                .say("former".getBytes(US_ASCII))
                .closed(Loss.Kind.RESET)
                .retry()
                .opened();
        rig.say("y".repeat(1000).getBytes(US_ASCII)).closed(Loss.Kind.RESET);
        assertThat(rig.loss().evidence()).contains("'" + "y".repeat(48) + "'").doesNotContain("former");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DEBUG | log text\r\n", "\u0094", "\u0094\u00c3", "\u0094\u00c3\u00ff\u00ff", "\u00c3\u00c3"})
    void noise_between_frames_costs_no_frame(String noise) {
        rig.demand().opened();
        for (var message : handshake(rig.nonce(), FIRMWARE)) {
            rig.say(noise.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .say(message);
        }
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.snapshots.get(0).nodes()).containsOnlyKeys(OWN, PEER);
    }

    @Test
    void a_frame_that_cannot_be_read_is_skipped_and_the_link_stays() {
        byte[] unreadable = frame(new byte[] {(byte) 0x0a, 100, 1, 2, 3});
        rig.demand().opened().say(unreadable);
        rig.shakeHands(FIRMWARE).say(unreadable).say(text(PEER, "after it"));
        assertThat(rig.state()).isEqualTo(READY);
        assertThat(rig.packets).extracting(InboundPacket::text).containsExactly("after it");
        assertThat(rig.engine.wire()).contains("2 unreadable");
    }

    // ---- leftovers

    @Test
    void packets_that_come_in_between_are_held_until_the_snapshot_is_out() {
        rig.demand().opened().say(myInfo(), text(PEER, "early"), queueStatus(1, 0));
        assertThat(rig.packets).isEmpty();
        rig.say(complete(rig.nonce()));
        assertThat(rig.packets).extracting(InboundPacket::text).containsExactly("early");
        assertThat(rig.snapshots.get(0).cursor()).isEqualTo(new Cursor(7, 0));
    }

    @Test
    void an_ack_that_comes_in_between_counts() {
        rig.ready();
        var parcel = rig.send(Plan.broadcast(Parcel.PRIVATE).to(PEER).wantAck());
        rig.say(queueStatus(parcel.id(), 0)).closed(Loss.Kind.RESET).retry().opened();
        rig.say(myInfo(), ScriptedNode.routing(PEER, parcel.id(), dev.meshlease.proto.Routing.Error.NONE));
        rig.say(complete(rig.nonce()));
        assertThat(parcel.acknowledgements).hasSize(1);
    }

    @Test
    void counts_what_the_wire_has_seen() {
        rig.demand().opened().say(myInfo(), ScriptedNode.nodeInfo(PEER));
        assertThat(rig.engine.wire()).isEqualTo("2 frames read, 0 unreadable, 0 bytes skipped");
    }

    // ---- progress, and nodes that are known already

    @Test
    void how_far_it_is_can_be_seen() {
        rig.demand().opened();
        assertThat(rig.engine.status().handshake())
                .hasValueSatisfying(progress -> assertThat(progress).hasToString("0 messages, 0 nodes"));
        rig.say(myInfo(), ScriptedNode.nodeInfo(OWN), metadata(FIRMWARE));
        assertThat(rig.engine.status().toString()).contains("HANDSHAKING").contains("3 messages, 1 of 2 nodes");
        rig.say(complete(rig.nonce()));
        assertThat(rig.engine.status().handshake()).isEmpty();
    }

    private static EngineRig keeping(Duration age) {
        return new EngineRig(LinkOptions.builder()
                .reconnect(EngineRig.WITHOUT_JITTER)
                .keepNodeDatabase(age)
                .build());
    }

    @Test
    void a_reconnect_may_leave_out_the_nodes_that_are_known() {
        var keeping = keeping(Duration.ofMinutes(10));
        keeping.ready();
        assertThat(keeping.nonce()).isNotEqualTo(69420);
        keeping.passSeconds(1).closed(Loss.Kind.RESET).retry().opened();
        assertThat(keeping.nonce()).isEqualTo(69420);
        keeping.say(myInfo(), ScriptedNode.nodeInfo(OWN), metadata(FIRMWARE), complete(69420));

        var first = keeping.snapshots.get(0);
        var second = keeping.snapshots.get(1);
        assertThat(second.nodes().keySet()).containsExactly(OWN, PEER);
        assertThat(second.nodesTakenAt()).isEqualTo(first.takenAt()).isBefore(second.takenAt());
        assertThat(second.toString()).contains("nodes " + first.takenAt());
        assertThat(first.nodesTakenAt()).isEqualTo(first.takenAt());
    }

    @Test
    void nodes_that_are_too_old_are_asked_for_again() {
        var keeping = keeping(Duration.ofSeconds(20));
        keeping.ready().passSeconds(20).closed(Loss.Kind.RESET).retry().opened();
        assertThat(keeping.nonce()).isNotEqualTo(69420);
    }

    @Test
    void so_are_those_of_another_node_that_answers_now() {
        var keeping = keeping(Duration.ofMinutes(10));
        keeping.ready().passSeconds(1).closed(Loss.Kind.RESET).retry().opened();
        var another = dev.meshlease.proto.FromRadio.newBuilder()
                .setMyInfo(dev.meshlease.proto.MyNodeInfo.newBuilder().setMyNodeNum(77))
                .build();
        keeping.say(another, metadata(FIRMWARE), complete(69420));
        assertThat(keeping.state()).isEqualTo(HANDSHAKING);
        assertThat(keeping.nonce()).isNotEqualTo(69420);

        keeping.say(another, metadata(FIRMWARE), complete(keeping.nonce()));
        assertThat(keeping.state()).isEqualTo(READY);
        assertThat(keeping.snapshots.get(1).nodes()).isEmpty();
    }

    @Test
    void every_handshake_is_full_if_nothing_else_is_said() {
        rig.ready().reconnect();
        assertThat(rig.nonce()).isNotEqualTo(69420);
    }
}
