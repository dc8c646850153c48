package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.ChannelSettings;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.DeviceMetadata;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.EnvironmentMetrics;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LocalStats;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.FirmwareProfile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client reads of its node, and changes on it. */
class AdministrationTest {
    private final Bench bench = Bench.of(SimulatedNode.builder().longName("Ada"));
    private final Admin admin = new Admin(bench);
    private int lastId = 77_000;

    @Test
    void metadata_owner_config_and_channel_can_be_read() {
        assertThat(admin.gets(AdminMessage.newBuilder().setGetDeviceMetadataRequest(true))
                        .getGetDeviceMetadataResponse()
                        .getFirmwareVersion())
                .startsWith("2.7.26");
        assertThat(admin.gets(AdminMessage.newBuilder().setGetOwnerRequest(true))
                        .getGetOwnerResponse()
                        .getLongName())
                .isEqualTo("Ada");
        assertThat(admin.config(AdminMessage.ConfigType.LORA_CONFIG).getLora().getRegion())
                .isEqualTo(Config.LoRaConfig.RegionCode.US);
        assertThat(admin.channel(0).getRole()).isEqualTo(Channel.Role.PRIMARY);
    }

    @Test
    void telemetry_is_answered_by_the_kind_that_was_asked_for() throws Exception {
        assertThat(measured(Telemetry.newBuilder().setDeviceMetrics(DeviceMetrics.getDefaultInstance()))
                        .hasDeviceMetrics())
                .isTrue();
        assertThat(measured(Telemetry.newBuilder().setLocalStats(LocalStats.getDefaultInstance()))
                        .getLocalStats()
                        .getNumTotalNodes())
                .isEqualTo(1);
    }

    @Test
    void telemetry_that_the_node_does_not_measure_is_answered_by_nobody() {
        Telemetry.Builder weather =
                Telemetry.newBuilder().setEnvironmentMetrics(EnvironmentMetrics.getDefaultInstance());

        assertThat(Bench.verdict(asked(weather))).isEqualTo(Routing.Error.NO_RESPONSE);
        assertThat(Bench.verdict(asked(Telemetry.newBuilder()))).isEqualTo(Routing.Error.NO_RESPONSE);
    }

    private Telemetry measured(Telemetry.Builder question) throws Exception {
        return Telemetry.parseFrom(asked(question).getDecoded().getPayload());
    }

    private MeshPacket asked(Telemetry.Builder question) {
        bench.host.advance(Duration.ofSeconds(11));
        admin.client.forget();
        MeshPacket packet = Bench.packet(
                bench.node.id().number(),
                ++lastId,
                PortNum.TELEMETRY_APP,
                question.build().toByteString());
        admin.client.sent(packet.toBuilder()
                .setDecoded(packet.getDecoded().toBuilder().setWantResponse(true))
                .build());
        assertThat(admin.client.packets()).hasSize(1);
        return admin.client.packets().get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9})
    void the_sections_without_content_are_answered_without_content(int type) {
        Config config = admin.config(AdminMessage.ConfigType.forNumber(type));

        assertThat(config.getPayloadVariantCase().getNumber()).isEqualTo(type + 1);
        assertThat(config.getSerializedSize()).isEqualTo(2);
    }

    @Test
    void module_configs_screen_settings_and_connections_can_be_read() {
        assertThat(admin.gets(AdminMessage.newBuilder()
                                .setGetModuleConfigRequest(AdminMessage.ModuleConfigType.MQTT_CONFIG))
                        .getGetModuleConfigResponse()
                        .getMqtt()
                        .getRoot())
                .isEqualTo("msh/US");
        assertThat(admin.gets(AdminMessage.newBuilder().setGetUiConfigRequest(true))
                        .getGetUiConfigResponse()
                        .getSerializedSize())
                .isPositive();
        assertThat(admin.gets(AdminMessage.newBuilder().setGetDeviceConnectionStatusRequest(true))
                        .getGetDeviceConnectionStatusResponse()
                        .hasWifi())
                .isTrue();
    }

    @Test
    void a_question_without_the_wish_for_a_response_is_acknowledged_only() {
        assertThat(admin.tells(AdminMessage.newBuilder().setGetOwnerRequest(true)))
                .isEqualTo(Routing.Error.NONE);
    }

    @Test
    void what_does_not_exist_is_a_bad_request() {
        assertThat(admin.does(AdminMessage.newBuilder().setGetChannelRequest(9)))
                .isEqualTo(Routing.Error.BAD_REQUEST);
        assertThat(admin.sets(Config.newBuilder())).isEqualTo(Routing.Error.BAD_REQUEST);
        assertThat(admin.does(AdminMessage.newBuilder().setSetModuleConfig(ModuleConfig.getDefaultInstance())))
                .isEqualTo(Routing.Error.BAD_REQUEST);
        assertThat(admin.does(AdminMessage.newBuilder()
                        .setSetChannel(Channel.newBuilder().setIndex(8))))
                .isEqualTo(Routing.Error.BAD_REQUEST);
        assertThat(admin.does(AdminMessage.newBuilder()
                        .setSetChannel(Channel.newBuilder().setIndex(-1))))
                .isEqualTo(Routing.Error.BAD_REQUEST);
    }

    @Test
    void a_section_that_does_not_exist_is_answered_without_content() {
        assertThat(admin.gets(AdminMessage.newBuilder().setGetConfigRequestValue(99))
                        .getGetConfigResponse())
                .isEqualTo(Config.getDefaultInstance());
        assertThat(admin.gets(AdminMessage.newBuilder().setGetModuleConfigRequestValue(13))
                        .getGetModuleConfigResponse())
                .isEqualTo(ModuleConfig.getDefaultInstance());
    }

    @Test
    void a_bad_request_without_the_wish_for_a_response_is_acknowledged_like_any_other() {
        assertThat(admin.tells(AdminMessage.newBuilder()
                        .setSetChannel(Channel.newBuilder().setIndex(8))))
                .isEqualTo(Routing.Error.NONE);
    }

    @Test
    void a_module_config_that_only_newer_firmware_knows_is_a_bad_request() {
        AdminMessage.Builder change = AdminMessage.newBuilder()
                .setSetModuleConfig(ModuleConfig.newBuilder()
                        .setTak(ModuleConfig.TakConfig.newBuilder().setTeam(1)));

        assertThat(admin.does(change)).isEqualTo(Routing.Error.BAD_REQUEST);
        assertThat(new Admin(Bench.of(SimulatedNode.builder().firmware(FirmwareProfile.V2_8))).does(change))
                .isEqualTo(Routing.Error.NONE);
    }

    @Test
    void what_this_node_does_not_have_is_confirmed_like_any_other_wish() {
        AdminMessage.Builder request = AdminMessage.newBuilder().setEnterDfuModeRequest(true);

        assertThat(admin.does(request)).isEqualTo(Routing.Error.NONE);
        assertThat(admin.tells(request)).isEqualTo(Routing.Error.NONE);
    }

    @Test
    void a_new_owner_is_confirmed_and_shows_in_the_next_dump() {
        Routing.Error answer = admin.does(
                AdminMessage.newBuilder().setSetOwner(User.newBuilder().setLongName("Grace")));

        assertThat(answer).isEqualTo(Routing.Error.NONE);
        assertThat(self(dump())).satisfies(owner -> {
            assertThat(owner.getLongName()).isEqualTo("Grace");
            assertThat(owner.getId()).isEqualTo(bench.node.id().toString());
            assertThat(owner.getShortName()).isNotEmpty();
        });
    }

    private List<FromRadio> dump() {
        admin.client.forget();
        admin.client.wantsConfig(7);
        bench.host.advance(Bench.MOMENT);
        return admin.client.received();
    }

    private static User self(List<FromRadio> dump) {
        return dump.stream()
                .filter(FromRadio::hasNodeInfo)
                .findFirst()
                .orElseThrow()
                .getNodeInfo()
                .getUser();
    }

    @Test
    void a_new_role_shows_in_the_metadata_and_the_introduction() {
        admin.sets(Config.newBuilder()
                .setDevice(Config.DeviceConfig.newBuilder().setRole(Config.DeviceConfig.Role.TRACKER)));

        DeviceMetadata metadata = admin.gets(AdminMessage.newBuilder().setGetDeviceMetadataRequest(true))
                .getGetDeviceMetadataResponse();
        assertThat(metadata.getRole()).isEqualTo(Config.DeviceConfig.Role.TRACKER);
        assertThat(self(dump()).getRole()).isEqualTo(Config.DeviceConfig.Role.TRACKER);
    }

    @Test
    void a_new_primary_channel_makes_the_one_before_secondary() {
        admin.does(AdminMessage.newBuilder()
                .setSetChannel(Channel.newBuilder()
                        .setIndex(2)
                        .setSettings(ChannelSettings.newBuilder().setName("news"))
                        .setRole(Channel.Role.PRIMARY)));

        assertThat(admin.channel(2).getSettings().getName()).isEqualTo("news");
        assertThat(admin.channel(2).getRole()).isEqualTo(Channel.Role.PRIMARY);
        assertThat(admin.channel(0).getRole()).isEqualTo(Channel.Role.SECONDARY);
    }

    @Test
    void keys_that_are_given_back_stay_and_without_a_private_key_there_is_a_new_pair() {
        Config.SecurityConfig before =
                admin.config(AdminMessage.ConfigType.SECURITY_CONFIG).getSecurity();
        admin.sets(Config.newBuilder().setSecurity(before.toBuilder().setDebugLogApiEnabled(true)));
        assertThat(admin.config(AdminMessage.ConfigType.SECURITY_CONFIG).getSecurity())
                .isEqualTo(before.toBuilder().setDebugLogApiEnabled(true).build());

        admin.sets(Config.newBuilder().setSecurity(before.toBuilder().clearPrivateKey()));
        Config.SecurityConfig after =
                admin.config(AdminMessage.ConfigType.SECURITY_CONFIG).getSecurity();
        assertThat(after.getPrivateKey().size()).isEqualTo(32);
        assertThat(after.getPublicKey().size()).isEqualTo(32);
        assertThat(after.getPrivateKey()).isNotEqualTo(before.getPrivateKey());
        assertThat(after.getPublicKey()).isNotEqualTo(before.getPublicKey());
    }

    @Test
    void a_fixed_position_is_kept_until_it_is_removed() {
        Position place = Position.newBuilder().setLatitudeI(1).setLongitudeI(2).build();

        admin.does(AdminMessage.newBuilder().setSetFixedPosition(place));
        assertThat(position().getLatitudeI()).isEqualTo(1);
        assertThat(admin.config(AdminMessage.ConfigType.POSITION_CONFIG)
                        .getPosition()
                        .getFixedPosition())
                .isTrue();

        admin.does(AdminMessage.newBuilder().setRemoveFixedPosition(true));
        assertThat(position()).isEqualTo(Position.getDefaultInstance());
        assertThat(admin.config(AdminMessage.ConfigType.POSITION_CONFIG)
                        .getPosition()
                        .getFixedPosition())
                .isFalse();
    }

    private Position position() {
        return dump().stream()
                .filter(FromRadio::hasNodeInfo)
                .findFirst()
                .orElseThrow()
                .getNodeInfo()
                .getPosition();
    }

    @Test
    void a_node_without_an_administrator_cannot_be_managed_and_says_so() {
        admin.client.forget();
        admin.sets(Config.newBuilder()
                .setSecurity(Config.SecurityConfig.newBuilder().setIsManaged(true)));

        assertThat(admin.client.received())
                .filteredOn(FromRadio::hasClientNotification)
                .hasSize(1);
        assertThat(admin.config(AdminMessage.ConfigType.SECURITY_CONFIG)
                        .getSecurity()
                        .getIsManaged())
                .isFalse();
    }

    @Test
    void a_managed_node_passes_over_its_client() {
        admin.sets(Config.newBuilder()
                .setSecurity(Config.SecurityConfig.newBuilder()
                        .setIsManaged(true)
                        .addAdminKey(ByteString.copyFrom(new byte[32]))));

        assertThat(admin.verdicts(AdminMessage.newBuilder().setGetOwnerRequest(true)))
                .containsExactly(Routing.Error.NONE, Routing.Error.NO_RESPONSE);
        assertThat(admin.tells(
                        AdminMessage.newBuilder().setSetOwner(User.newBuilder().setLongName("Eve"))))
                .isEqualTo(Routing.Error.NONE);
        assertThat(self(dump()).getLongName()).isEqualTo("Ada");
    }

    @Test
    void what_is_no_admin_message_is_not_even_acknowledged() {
        MeshPacket rubbish = Bench.wantingAck(
                Bench.packet(bench.node.id().number(), 7, PortNum.ADMIN_APP, ByteString.copyFromUtf8("rubbish")));
        admin.client.sent(rubbish);
        assertThat(admin.client.packets()).isEmpty();

        admin.client.sent(Bench.asking(rubbish).toBuilder().setId(8).build());
        assertThat(admin.client.verdicts()).containsExactly(Routing.Error.NO_RESPONSE);
    }

    @Test
    void a_text_to_the_node_itself_is_acknowledged_and_goes_nowhere() {
        admin.client.sent(Bench.wantingAck(Bench.text(bench.node.id().number(), 7, "me?")));

        assertThat(admin.client.packets()).extracting(Bench::verdict).containsExactly(Routing.Error.NONE);
        assertThat(bench.node.sent()).isEmpty();
    }

    @Test
    void a_question_that_no_module_answers_gets_no_response() {
        MeshPacket question = Bench.text(bench.node.id().number(), 7, "me?");
        admin.client.sent(question.toBuilder()
                .setDecoded(question.getDecoded().toBuilder().setWantResponse(true))
                .build());

        assertThat(admin.client.packets()).extracting(Bench::verdict).containsExactly(Routing.Error.NO_RESPONSE);
    }

    @Test
    void such_a_question_is_acknowledged_first_if_that_is_wanted() {
        admin.client.sent(
                Bench.wantingAck(Bench.asking(Bench.text(bench.node.id().number(), 7, "me?"))));

        assertThat(admin.client.verdicts()).containsExactly(Routing.Error.NONE, Routing.Error.NO_RESPONSE);
    }

    @Test
    void a_verdict_that_was_asked_for_has_a_queue_status_like_any_answer() {
        admin.client.forget();
        admin.does(AdminMessage.newBuilder().setSetTimeOnly(1));

        assertThat(admin.client.statuses()).hasSize(2);
    }
}
