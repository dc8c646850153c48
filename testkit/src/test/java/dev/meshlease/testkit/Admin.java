package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import java.util.List;

/** A client that administers its own node. */
final class Admin {
    final Bench bench;
    Bench.Client client;
    private int nextId = 100;

    Admin(Bench bench) {
        this.bench = bench;
        client = bench.ready();
    }

    /** Connects again, after a restart. */
    void returns() {
        client = bench.ready();
    }

    private MeshPacket request(AdminMessage.Builder message, boolean wantResponse) {
        return MeshPacket.newBuilder()
                .setTo(bench.node.id().number())
                .setId(nextId++)
                .setWantAck(true)
                .setDecoded(Data.newBuilder()
                        .setPortnum(PortNum.ADMIN_APP)
                        .setPayload(message.build().toByteString())
                        .setWantResponse(wantResponse))
                .build();
    }

    private List<MeshPacket> answers(MeshPacket request) {
        client.forget();
        client.sent(request);
        return client.packets().stream()
                .filter(packet -> packet.getDecoded().getRequestId() == request.getId())
                .toList();
    }

    private MeshPacket answer(MeshPacket request) {
        List<MeshPacket> answers = answers(request);
        assertThat(answers).hasSize(1);
        MeshPacket answer = answers.get(0);
        assertThat(answer.getFrom()).isEqualTo(bench.node.id().number());
        assertThat(answer.getTo()).isEqualTo(bench.node.id().number());
        return answer;
    }

    /** Asks for a response, and gets one or a verdict. */
    MeshPacket asks(AdminMessage.Builder message) {
        return answer(request(message, true));
    }

    /** Asks for a response, and gets words of routing, in their order. */
    List<Routing.Error> verdicts(AdminMessage.Builder message) {
        return answers(request(message, true)).stream().map(Bench::verdict).toList();
    }

    /** Asks for an ack only. */
    Routing.Error tells(AdminMessage.Builder message) {
        return Bench.verdict(answer(request(message, false)));
    }

    Routing.Error does(AdminMessage.Builder message) {
        return Bench.verdict(asks(message));
    }

    AdminMessage gets(AdminMessage.Builder message) {
        MeshPacket answer = asks(message);
        assertThat(answer.getDecoded().getPortnum()).isEqualTo(PortNum.ADMIN_APP);
        assertThat(answer.getPriority()).isEqualTo(MeshPacket.Priority.RELIABLE);
        assertThat(client.statuses()).hasSize(2);
        try {
            AdminMessage content = AdminMessage.parseFrom(answer.getDecoded().getPayload());
            assertThat(content.getSessionPasskey().size()).isEqualTo(8);
            return content;
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    Config config(AdminMessage.ConfigType type) {
        return gets(AdminMessage.newBuilder().setGetConfigRequest(type)).getGetConfigResponse();
    }

    Channel channel(int index) {
        return gets(AdminMessage.newBuilder().setGetChannelRequest(index + 1)).getGetChannelResponse();
    }

    Routing.Error sets(Config.Builder config) {
        return does(AdminMessage.newBuilder().setSetConfig(config));
    }
}
