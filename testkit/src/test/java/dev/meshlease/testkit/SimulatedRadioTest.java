package dev.meshlease.testkit;

import static dev.meshlease.testkit.Bench.broadcast;
import static dev.meshlease.testkit.Bench.text;
import static dev.meshlease.testkit.Bench.wantingAck;
import static dev.meshlease.testkit.Injections.ALL;
import static dev.meshlease.testkit.Injections.OTHER;
import static dev.meshlease.testkit.Injections.OWN;
import static dev.meshlease.testkit.Injections.hex;
import static dev.meshlease.testkit.Injections.reception;
import static dev.meshlease.testkit.Injections.textReception;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.User;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The radio of {@code meshtasticd -s}, as the recordings 10, 11, 18, 19, 42, 44 and 45 show it. */
class SimulatedRadioTest {
    private final Injections radio = new Injections();
    private final Bench bench = radio.bench;
    private final Bench.Client client = radio.client;

    @Test
    void a_transmission_is_shown_wrapped_after_a_second_queue_status() {
        client.sent(broadcast(0x1001, "hello from A").toBuilder().setHopLimit(0).build());

        assertThat(client.statuses()).extracting(QueueStatus::getFree).containsExactly(15, 16);
        assertThat(client.statuses()).extracting(QueueStatus::getMeshPacketId).containsOnly(0x1001);
        assertThat(client.packets())
                .containsExactly(MeshPacket.newBuilder()
                        .setFrom(OWN)
                        .setTo(ALL)
                        .setId(0x1001)
                        .setPriority(MeshPacket.Priority.HIGH)
                        .setRelayNode(0x78)
                        .setDecoded(Data.newBuilder()
                                .setPortnum(PortNum.SIMULATOR_APP)
                                .setPayload(hex("0801120c68656c6c6f2066726f6d2041"))
                                .setBitfield(0))
                        .build());
    }

    @Test
    void only_a_direct_packet_asks_for_its_ack_on_air() {
        client.sent(wantingAck(broadcast(1, "to all")));
        bench.host.advance(Duration.ofSeconds(3));
        client.sent(wantingAck(text(OTHER, 2, "to one")));

        assertThat(client.echoes()).extracting(MeshPacket::getWantAck).containsExactly(false, true);
        assertThat(client.echoes()).extracting(MeshPacket::getHopStart).containsOnly(3);
    }

    @Test
    void all_three_attempts_are_shown() {
        client.sent(wantingAck(text(0x0BADCAFE, 0x1301, "anyone?")));
        bench.host.advance(Duration.ofMillis(14_200));
        assertThat(client.echoes()).hasSize(3);
        bench.host.advance(Duration.ofSeconds(10));

        assertThat(client.echoes()).hasSize(3);
        assertThat(client.statuses()).hasSize(4);
        assertThat(client.verdicts()).containsExactly(Routing.Error.MAX_RETRANSMIT);
    }

    @Test
    void a_misdirected_refusal_goes_out_by_radio_and_before_the_text() {
        client.sends(broadcast(0x1101, "one"));
        client.sends(broadcast(0x1102, "two"));
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.statuses().subList(0, 2))
                .extracting(QueueStatus::getMeshPacketId)
                .containsExactly(0x1101, 0x1102);
        MeshPacket refusal = client.echoes().stream()
                .filter(echo -> echo.getTo() == 0)
                .findFirst()
                .orElseThrow();
        assertThat(refusal)
                .isEqualTo(MeshPacket.newBuilder()
                        .setFrom(OWN)
                        .setId(refusal.getId())
                        .setPriority(MeshPacket.Priority.ACK)
                        .setRelayNode(0x78)
                        .setDecoded(Data.newBuilder()
                                .setPortnum(PortNum.SIMULATOR_APP)
                                .setPayload(hex("080512021826"))
                                .setRequestId(0x1102)
                                .setBitfield(0))
                        .build());
        assertThat(client.statuses()).hasSize(4);
    }

    @Test
    void a_reception_is_unwrapped_and_then_repeated_one_hop_poorer() {
        radio.injects(textReception(ALL, 0x44004));

        MeshPacket heard = reception(ALL, 0x44004, "")
                .setTransportMechanism(MeshPacket.TransportMechanism.TRANSPORT_LORA)
                .setDecoded(
                        Data.newBuilder().setPortnum(PortNum.TEXT_MESSAGE_APP).setPayload(hex("68656a")))
                .build();
        assertThat(client.packets())
                .containsExactly(
                        heard,
                        heard.toBuilder()
                                .setHopLimit(2)
                                .setRelayNode(0x78)
                                .setPriority(MeshPacket.Priority.HIGH)
                                .setDecoded(Data.newBuilder()
                                        .setPortnum(PortNum.SIMULATOR_APP)
                                        .setPayload(hex("0801120368656a")))
                                .build());
        assertThat(client.statuses())
                .containsExactly(QueueStatus.newBuilder()
                        .setFree(16)
                        .setMaxlen(16)
                        .setMeshPacketId(0x44004)
                        .build());
    }

    @Test
    void nothing_is_repeated_without_hops_or_for_the_node_itself() {
        radio.injects(textReception(ALL, 1).setHopLimit(0).setHopStart(0));
        radio.injects(textReception(OWN, 2));

        assertThat(client.texts()).hasSize(2);
        assertThat(client.echoes()).isEmpty();
    }

    @Test
    void it_transmits_without_a_region() {
        Config unset =
                Config.newBuilder().setLora(Config.LoRaConfig.newBuilder()).build();
        client.sent(Bench.packet(
                OWN,
                7,
                PortNum.ADMIN_APP,
                AdminMessage.newBuilder().setSetConfig(unset).build().toByteString()));
        client.sent(Bench.plain(ALL, 8));
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.echoes()).extracting(MeshPacket::getId).containsExactly(8);
    }

    @Test
    void a_mute_node_repeats_nothing() {
        Config mute = Config.newBuilder()
                .setDevice(Config.DeviceConfig.newBuilder().setRole(Config.DeviceConfig.Role.CLIENT_MUTE))
                .build();
        client.sent(Bench.packet(
                OWN,
                7,
                PortNum.ADMIN_APP,
                AdminMessage.newBuilder().setSetConfig(mute).build().toByteString()));
        radio.injects(textReception(ALL, 1));

        assertThat(client.texts()).hasSize(1);
        assertThat(client.echoes()).isEmpty();
    }

    @Test
    void what_a_client_has_encrypted_itself_is_shown_as_it_is() {
        MeshPacket secret = MeshPacket.newBuilder()
                .setTo(ALL)
                .setId(7)
                .setHopLimit(3)
                .setEncrypted(hex("c0ffee"))
                .build();
        client.sent(secret);
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.packets()).singleElement().satisfies(shown -> {
            assertThat(shown.getId()).isEqualTo(7);
            assertThat(shown.getEncrypted()).isEqualTo(hex("c0ffee"));
        });
    }

    @Test
    void what_is_for_another_is_repeated_and_none_of_the_clients_business() {
        radio.injects(textReception(0x0BADCAFE, 1));

        assertThat(client.texts()).isEmpty();
        assertThat(client.echoes()).hasSize(1);
    }

    @Test
    void what_was_heard_before_is_not_given_again_but_repeated_if_its_origin_repeats_it() {
        radio.injects(textReception(ALL, 1));
        radio.injects(textReception(ALL, 1).setHopLimit(2).setRelayNode(9));
        assertThat(client.echoes()).hasSize(1);
        radio.injects(textReception(ALL, 1));

        assertThat(client.texts()).hasSize(1);
        assertThat(client.echoes()).hasSize(2);
    }

    @Test
    void the_own_packet_heard_again_is_its_implicit_ack() {
        client.sent(wantingAck(broadcast(0x1901, "echo me")));
        MeshPacket echo = client.echoes().get(0);
        client.forget();
        radio.injects(echo.toBuilder().setHopLimit(2).setRelayNode(0xEE));

        assertThat(client.packets())
                .singleElement()
                .satisfies(ack -> assertThat(ack)
                        .isEqualTo(MeshPacket.newBuilder()
                                .setFrom(OWN)
                                .setTo(OWN)
                                .setId(ack.getId())
                                .setPriority(MeshPacket.Priority.ACK)
                                .setDecoded(Data.newBuilder()
                                        .setPortnum(PortNum.ROUTING_APP)
                                        .setPayload(hex("1800"))
                                        .setRequestId(0x1901))
                                .build()));
    }

    @Test
    void an_ack_from_the_destination_ends_the_attempts() {
        client.sent(wantingAck(text(OTHER, 0x1801, "ack me")));
        MeshPacket.Builder ack = reception(OWN, 0x1802, "080512021800");
        ack.getDecodedBuilder().setRequestId(0x1801);
        radio.injects(ack);
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(client.echoes()).hasSize(1);
        assertThat(client.verdicts()).containsExactly(Routing.Error.NONE);
    }

    @Test
    void of_many_receptions_at_once_the_last_four_are_heard() {
        for (int id = 1; id <= 40; id++) {
            client.sends(textReception(ALL, id).setHopLimit(0).build());
        }
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.packets()).extracting(MeshPacket::getId).containsExactly(37, 38, 39, 40);
    }

    @Test
    void an_introduction_is_learned_and_shown_with_all_its_fields() throws InvalidProtocolBufferException {
        radio.injects(reception(ALL, 1, "080412200a09213030633066666565120b436f66666565204e6f64651a04434f46452804"));

        User user = User.parseFrom(client.packets().get(0).getDecoded().getPayload());
        assertThat(user.getLongName()).isEqualTo("Coffee Node");
        assertThat(user.getMacaddr()).isEqualTo(hex("000000000000"));
        client.forget();
        client.wantsConfig(2);
        bench.host.advance(Bench.MOMENT);
        assertThat(client.received())
                .filteredOn(message -> message.getNodeInfo().getNum() == OTHER)
                .extracting(FromRadio::getNodeInfo)
                .containsExactly(NodeInfo.newBuilder()
                        .setNum(OTHER)
                        .setUser(user)
                        .setSnr(6.5f)
                        .setHopsAway(0)
                        .build());
    }

    @Test
    void an_introduction_of_the_own_asks_for_others() {
        client.beats(1);
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.statuses()).extracting(QueueStatus::getFree).containsExactly(15, 16);
        assertThat(client.echoes()).singleElement().satisfies(echo -> {
            assertThat(echo.getDecoded().getWantResponse()).isTrue();
            assertThat(echo.getDecoded().getBitfield()).isEqualTo(2);
            assertThat(echo.getPriority()).isEqualTo(MeshPacket.Priority.DEFAULT);
            assertThat(echo.getHopLimit()).isEqualTo(3);
        });
    }

    @Test
    void an_id_may_come_twice_from_the_client() {
        client.sent(Bench.plain(ALL, 7));
        client.sent(Bench.plain(ALL, 7));
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.echoes()).hasSize(2);
    }
}
