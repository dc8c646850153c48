package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.ChannelSettings;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Administration by another node: it needs a key that is known, and for changes the session's passkey. */
class RemoteAdministrationTest {
    private static final NodeId ADMIN = new NodeId(0x0c0ffee0);
    private static final ByteString KEY = ByteString.copyFrom(new byte[32]);

    private final Bench bench = Bench.of(SimulatedNode.builder()
            .longName("Ada")
            .with(Switch.SIMULATED_RADIO, true)
            .config(Config.newBuilder()
                    .setSecurity(Config.SecurityConfig.newBuilder().addAdminKey(KEY))
                    .build()));
    private final Bench.Client client = bench.ready();
    private int nextId = 900;

    /** What the node says by radio to a request that comes by radio. */
    private Data answer(AdminMessage.Builder message, ByteString key) {
        return answer(request(message).setPkiEncrypted(true).setPublicKey(key));
    }

    private MeshPacket.Builder request(AdminMessage.Builder message) {
        return MeshPacket.newBuilder()
                .setFrom(ADMIN.number())
                .setTo(bench.node.id().number())
                .setId(nextId++)
                .setDecoded(Data.newBuilder()
                        .setPortnum(PortNum.SIMULATOR_APP)
                        .setWantResponse(true)
                        .setPayload(wrapped(message.build().toByteString())));
    }

    private Data answer(MeshPacket.Builder request) {
        int id = request.getId();
        client.forget();
        client.sends(request.build());
        bench.host.advance(Duration.ofSeconds(1));
        List<Data> echoes = client.packets().stream()
                .filter(packet -> packet.getTo() == ADMIN.number())
                .map(MeshPacket::getDecoded)
                .filter(data -> data.getRequestId() == id)
                .toList();
        assertThat(echoes).hasSize(1);
        return echoes.get(0);
    }

    private static ByteString wrapped(ByteString payload) {
        return Data.newBuilder()
                .setPortnum(PortNum.ADMIN_APP)
                .setPayload(payload)
                .build()
                .toByteString();
    }

    private static Data unwrapped(Data echo) {
        try {
            return Data.parseFrom(echo.getPayload());
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private Routing.Error verdict(AdminMessage.Builder message, ByteString key) {
        return verdict(answer(message, key));
    }

    private static Routing.Error verdict(Data answer) {
        Data said = unwrapped(answer);
        assertThat(said.getPortnum()).isEqualTo(PortNum.ROUTING_APP);
        return Bench.verdict(MeshPacket.newBuilder().setDecoded(said).build());
    }

    private AdminMessage read(AdminMessage.Builder message) throws InvalidProtocolBufferException {
        Data said = unwrapped(answer(message, KEY));
        assertThat(said.getPortnum()).isEqualTo(PortNum.ADMIN_APP);
        return AdminMessage.parseFrom(said.getPayload());
    }

    private static AdminMessage.Builder owner() {
        return AdminMessage.newBuilder().setGetOwnerRequest(true);
    }

    private static AdminMessage.Builder rename(ByteString passkey) {
        return AdminMessage.newBuilder()
                .setSessionPasskey(passkey)
                .setSetOwner(User.newBuilder().setLongName("Grace"));
    }

    @Test
    void who_has_a_known_key_reads_and_gets_a_passkey() throws Exception {
        AdminMessage answer = read(owner());

        assertThat(answer.getGetOwnerResponse().getLongName()).isEqualTo("Ada");
        assertThat(answer.getSessionPasskey().size()).isEqualTo(8);
    }

    @Test
    void a_change_needs_the_passkey() throws Exception {
        assertThat(verdict(rename(ByteString.EMPTY), KEY)).isEqualTo(Routing.Error.ADMIN_BAD_SESSION_KEY);
        ByteString passkey = read(owner()).getSessionPasskey();

        assertThat(verdict(rename(passkey), KEY)).isEqualTo(Routing.Error.NONE);
        assertThat(read(owner()).getGetOwnerResponse().getLongName()).isEqualTo("Grace");
    }

    @Test
    void a_passkey_is_good_for_5_minutes() throws Exception {
        ByteString passkey = read(owner()).getSessionPasskey();
        bench.host.advance(Duration.ofSeconds(297));
        assertThat(verdict(rename(passkey), KEY)).isEqualTo(Routing.Error.NONE);
        bench.host.advance(Duration.ofSeconds(3));

        assertThat(verdict(rename(passkey), KEY)).isEqualTo(Routing.Error.ADMIN_BAD_SESSION_KEY);
    }

    @Test
    void another_key_is_not_enough() {
        assertThat(verdict(owner(), KEY.substring(1))).isEqualTo(Routing.Error.ADMIN_PUBLIC_KEY_UNAUTHORIZED);
    }

    @Test
    void who_wants_an_ack_and_no_response_is_not_told_that_a_change_was_refused() throws Exception {
        MeshPacket.Builder request = request(rename(ByteString.EMPTY)).setWantAck(true);
        request.getDecodedBuilder().setWantResponse(false);

        assertThat(verdict(answer(request))).isEqualTo(Routing.Error.NONE);
        assertThat(read(owner()).getGetOwnerResponse().getLongName()).isEqualTo("Ada");
    }

    @Test
    void without_a_key_only_the_admin_channel_will_do_and_only_if_that_is_allowed() {
        assertThat(verdict(answer(request(owner())))).isEqualTo(Routing.Error.NOT_AUTHORIZED);
        orders(AdminMessage.newBuilder()
                .setSetChannel(Channel.newBuilder()
                        .setIndex(1)
                        .setSettings(ChannelSettings.newBuilder().setName("admin"))
                        .setRole(Channel.Role.SECONDARY)));
        assertThat(verdict(answer(request(owner()).setChannel(1)))).isEqualTo(Routing.Error.NOT_AUTHORIZED);

        orders(AdminMessage.newBuilder()
                .setSetConfig(Config.newBuilder()
                        .setSecurity(Config.SecurityConfig.newBuilder().setAdminChannelEnabled(true))));
        assertThat(unwrapped(answer(request(owner()).setChannel(1))).getPortnum())
                .isEqualTo(PortNum.ADMIN_APP);
    }

    /** The node's own client changes something. */
    private void orders(AdminMessage.Builder change) {
        client.sent(Bench.packet(
                bench.node.id().number(),
                nextId++,
                PortNum.ADMIN_APP,
                change.build().toByteString()));
    }

    @Test
    void the_client_sees_the_request() {
        answer(owner(), KEY);

        assertThat(client.received())
                .filteredOn(FromRadio::hasPacket)
                .anyMatch(message -> message.getPacket().getFrom() == ADMIN.number()
                        && message.getPacket().getDecoded().getPortnum() == PortNum.ADMIN_APP);
    }
}
