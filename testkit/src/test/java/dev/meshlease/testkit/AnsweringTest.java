package dev.meshlease.testkit;

import static dev.meshlease.testkit.Injections.OTHER;
import static dev.meshlease.testkit.Injections.OWN;
import static dev.meshlease.testkit.Injections.hex;
import static dev.meshlease.testkit.Injections.question;
import static dev.meshlease.testkit.Injections.reception;
import static dev.meshlease.testkit.Injections.textReception;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.QueueStatus;
import dev.meshlease.proto.RouteDiscovery;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the node says in return to other nodes; seen through the echoes of a simulated radio. */
class AnsweringTest {
    private final Injections radio = new Injections();
    private final Bench.Client client = radio.client;

    @Test
    void a_direct_text_is_acknowledged_with_two_hops_to_spare() {
        radio.injects(textReception(OWN, 0x44005).setWantAck(true));

        assertThat(client.echoes()).singleElement().satisfies(ack -> {
            assertThat(ack)
                    .isEqualTo(MeshPacket.newBuilder()
                            .setFrom(OWN)
                            .setTo(OTHER)
                            .setId(ack.getId())
                            .setHopLimit(2)
                            .setHopStart(2)
                            .setWantAck(true)
                            .setPriority(MeshPacket.Priority.ACK)
                            .setRelayNode(0x78)
                            .setDecoded(Data.newBuilder()
                                    .setPortnum(PortNum.SIMULATOR_APP)
                                    .setPayload(hex("080512021800"))
                                    .setRequestId(0x44005)
                                    .setBitfield(0))
                            .build());
            assertThat(client.statuses())
                    .extracting(QueueStatus::getMeshPacketId)
                    .containsExactly(ack.getId());
        });
    }

    @Test
    void a_direct_text_repeated_by_its_origin_is_acknowledged_again() {
        radio.injects(textReception(OWN, 5).setWantAck(true));
        radio.injects(textReception(OWN, 5).setWantAck(true));

        assertThat(client.texts()).hasSize(1);
        assertThat(client.echoes()).hasSize(2);
    }

    @Test
    void an_answer_is_acknowledged_only_to_a_neighbour_and_not_beyond_it() {
        MeshPacket.Builder answer = reception(OWN, 5, "08481200").setWantAck(true);
        answer.getDecodedBuilder().setRequestId(77);
        radio.injects(answer.clone());
        radio.injects(answer.setId(6).setHopLimit(2));

        assertThat(client.echoes()).singleElement().satisfies(ack -> {
            assertThat(ack.getDecoded().getRequestId()).isEqualTo(5);
            assertThat(ack.getHopLimit()).isZero();
            assertThat(ack.getWantAck()).isFalse();
        });
    }

    @Test
    void answers_have_as_many_hops_as_the_way_here_and_two() {
        radio.injects(textReception(OWN, 1).setWantAck(true).setHopLimit(2));
        radio.injects(textReception(OWN, 2).setWantAck(true).setHopStart(7).setHopLimit(2));
        radio.injects(textReception(OWN, 3).setWantAck(true).setHopStart(0).setHopLimit(0));

        assertThat(client.echoes()).extracting(MeshPacket::getHopLimit).containsExactly(3, 5, 3);
    }

    private MeshPacket answerTo(int port, String payload) {
        String length = String.format("%02x", payload.length() / 2);
        radio.injects(question(9, String.format("08%02x12", port) + length + payload));
        assertThat(client.echoes()).hasSize(1);
        MeshPacket answer = client.echoes().get(0);
        assertThat(answer.getTo()).isEqualTo(OTHER);
        assertThat(answer.getDecoded().getRequestId()).isEqualTo(9);
        return answer;
    }

    private static List<ByteString> contentOf(MeshPacket echo) throws InvalidProtocolBufferException {
        return UnknownFieldSet.parseFrom(echo.getDecoded().getPayload())
                .getField(2)
                .getLengthDelimitedList();
    }

    @Test
    void telemetry_is_answered() throws InvalidProtocolBufferException {
        MeshPacket answer = answerTo(PortNum.TELEMETRY_APP_VALUE, "1200");

        assertThat(Telemetry.parseFrom(contentOf(answer).get(0)).hasDeviceMetrics())
                .isTrue();
        assertThat(answer.getPriority()).isEqualTo(MeshPacket.Priority.RELIABLE);
        assertThat(client.statuses())
                .extracting(QueueStatus::getMeshPacketId)
                .containsExactly(answer.getId(), answer.getId());
    }

    @Test
    void a_route_is_answered_with_the_last_link_added() throws InvalidProtocolBufferException {
        MeshPacket answer = answerTo(PortNum.TRACEROUTE_APP_VALUE, "");

        assertThat(RouteDiscovery.parseFrom(contentOf(answer).get(0)))
                .isEqualTo(RouteDiscovery.newBuilder().addSnrTowards(26).build());
    }

    @Test
    void hops_that_left_no_name_are_unknown_in_a_route() throws InvalidProtocolBufferException {
        radio.injects(question(9, "0846").setHopStart(5));

        assertThat(RouteDiscovery.parseFrom(contentOf(client.echoes().get(0)).get(0)))
                .isEqualTo(RouteDiscovery.newBuilder()
                        .addRoute(-1)
                        .addRoute(-1)
                        .addSnrTowards(-128)
                        .addSnrTowards(-128)
                        .addSnrTowards(26)
                        .build());
    }

    @Test
    void an_introduction_is_given_once_in_ten_minutes() throws InvalidProtocolBufferException {
        MeshPacket answer = answerTo(PortNum.NODEINFO_APP_VALUE, "");
        assertThat(User.parseFrom(contentOf(answer).get(0)).getId()).isEqualTo("!12345678");
        client.forget();
        radio.injects(question(10, "0804").setWantAck(true));

        assertThat(client.echoes())
                .singleElement()
                .satisfies(ack -> assertThat(contentOf(ack)).containsExactly(hex("1800")));
    }

    @Test
    void what_no_module_answers_is_refused() throws InvalidProtocolBufferException {
        assertThat(contentOf(answerTo(PortNum.ATAK_PLUGIN_VALUE, ""))).containsExactly(hex("1808"));
    }

    @Test
    void administration_from_afar_is_refused() throws InvalidProtocolBufferException {
        assertThat(contentOf(answerTo(PortNum.ADMIN_APP_VALUE, "2801"))).containsExactly(hex("1821"));
    }

    @Test
    void a_position_that_is_not_known_is_answered_by_nobody() throws InvalidProtocolBufferException {
        assertThat(contentOf(answerTo(PortNum.POSITION_APP_VALUE, ""))).containsExactly(hex("1808"));
    }

    @Test
    void what_no_module_answers_is_acknowledged_first_if_that_is_wanted() throws InvalidProtocolBufferException {
        radio.injects(question(9, "0848").setWantAck(true));

        assertThat(client.echoes()).hasSize(2);
        assertThat(contentOf(client.echoes().get(0))).containsExactly(hex("1800"));
        assertThat(contentOf(client.echoes().get(1))).containsExactly(hex("1808"));
    }
}
