package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.User;
import org.junit.jupiter.api.Test;

class AdministrationTest {
    private final Bench bench = Bench.of(SimulatedNode.builder().longName("Ada"));
    private final Bench.Client client = bench.ready();
    private int nextId = 100;

    private MeshPacket ask(AdminMessage.Builder message) {
        int id = nextId++;
        client.forget();
        client.sent(MeshPacket.newBuilder()
                .setTo(bench.node.id().number())
                .setId(id)
                .setWantAck(true)
                .setDecoded(Data.newBuilder()
                        .setPortnum(PortNum.ADMIN_APP)
                        .setPayload(message.build().toByteString())
                        .setWantResponse(true))
                .build());
        MeshPacket answer = client.packets().get(0);
        assertThat(client.packets()).hasSize(1);
        assertThat(answer.getDecoded().getRequestId()).isEqualTo(id);
        assertThat(answer.getFrom()).isEqualTo(bench.node.id().number());
        assertThat(answer.getTo()).isEqualTo(bench.node.id().number());
        return answer;
    }

    private AdminMessage get(AdminMessage.Builder message) throws InvalidProtocolBufferException {
        MeshPacket answer = ask(message);
        assertThat(answer.getDecoded().getPortnum()).isEqualTo(PortNum.ADMIN_APP);
        assertThat(answer.getPriority()).isEqualTo(MeshPacket.Priority.RELIABLE);
        assertThat(client.statuses()).hasSize(2);
        AdminMessage content = AdminMessage.parseFrom(answer.getDecoded().getPayload());
        assertThat(content.getSessionPasskey().size()).isEqualTo(8);
        return content;
    }

    @Test
    void metadata_owner_config_and_channel_can_be_read() throws Exception {
        assertThat(get(AdminMessage.newBuilder().setGetDeviceMetadataRequest(true))
                        .getGetDeviceMetadataResponse()
                        .getFirmwareVersion())
                .startsWith("2.7.26");
        assertThat(get(AdminMessage.newBuilder().setGetOwnerRequest(true))
                        .getGetOwnerResponse()
                        .getLongName())
                .isEqualTo("Ada");
        assertThat(get(AdminMessage.newBuilder().setGetConfigRequest(AdminMessage.ConfigType.LORA_CONFIG))
                        .getGetConfigResponse()
                        .getLora()
                        .getRegion())
                .isEqualTo(Config.LoRaConfig.RegionCode.US);
        assertThat(get(AdminMessage.newBuilder().setGetChannelRequest(1))
                        .getGetChannelResponse()
                        .getRole())
                .isEqualTo(dev.meshlease.proto.Channel.Role.PRIMARY);
    }

    @Test
    void a_channel_out_of_range_is_a_bad_request() {
        assertThat(Bench.verdict(ask(AdminMessage.newBuilder().setGetChannelRequest(9))))
                .isEqualTo(Routing.Error.BAD_REQUEST);
    }

    @Test
    void a_new_owner_is_confirmed_and_shows_in_the_next_dump() {
        MeshPacket answer =
                ask(AdminMessage.newBuilder().setSetOwner(User.newBuilder().setLongName("Grace")));
        client.wantsConfig(69421);
        bench.host.advance(Bench.MOMENT);

        assertThat(Bench.verdict(answer)).isEqualTo(Routing.Error.NONE);
        assertThat(client.received())
                .filteredOn(FromRadio::hasNodeInfo)
                .first()
                .extracting(message -> message.getNodeInfo().getUser().getLongName())
                .isEqualTo("Grace");
    }

    @Test
    void a_text_to_the_node_itself_is_acknowledged_and_goes_nowhere() {
        client.sent(Bench.wantingAck(Bench.text(bench.node.id().number(), 7, "me?")));

        assertThat(client.packets()).extracting(Bench::verdict).containsExactly(Routing.Error.NONE);
        assertThat(bench.node.sent()).isEmpty();
    }

    @Test
    void a_question_that_no_module_answers_gets_no_response() {
        MeshPacket question = Bench.text(bench.node.id().number(), 7, "me?");
        client.sent(question.toBuilder()
                .setDecoded(question.getDecoded().toBuilder().setWantResponse(true))
                .build());

        assertThat(client.packets()).extracting(Bench::verdict).containsExactly(Routing.Error.NO_RESPONSE);
    }
}
