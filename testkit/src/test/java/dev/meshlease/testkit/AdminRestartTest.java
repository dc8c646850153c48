package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.ChannelSettings;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an administrator does that restarts the node, and what does not. */
class AdminRestartTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);
    private static final Duration RESTART = Duration.ofSeconds(7);
    private static final Duration TAKES = Duration.ofSeconds(5);

    private final Bench bench = Bench.of(SimulatedNode.builder().longName("Ada"));
    private final Admin admin = new Admin(bench);

    private static AdminMessage.Builder reboot(int seconds) {
        return AdminMessage.newBuilder().setRebootSeconds(seconds);
    }

    private boolean isDownAfter(Duration span) {
        bench.host.advance(span);
        return !admin.client.end.equals("none");
    }

    private static Config.Builder buttonAt(int pin) {
        return Config.newBuilder().setDevice(Config.DeviceConfig.newBuilder().setButtonGpio(pin));
    }

    private int button() {
        return admin.config(AdminMessage.ConfigType.DEVICE_CONFIG).getDevice().getButtonGpio();
    }

    @Test
    void a_reboot_is_acknowledged_at_once_and_comes_in_time() {
        assertThat(admin.tells(reboot(2))).isEqualTo(Routing.Error.NONE);

        assertThat(isDownAfter(Duration.ofMillis(1970))).isFalse();
        assertThat(isDownAfter(Duration.ofMillis(30))).isTrue();
    }

    @Test
    void a_reboot_at_once_is_acknowledged_too() {
        assertThat(admin.tells(reboot(0))).isEqualTo(Routing.Error.NONE);
        assertThat(isDownAfter(Duration.ZERO)).isTrue();
    }

    @Test
    void a_negative_time_calls_it_off() {
        admin.tells(reboot(2));
        admin.tells(reboot(-1));

        assertThat(isDownAfter(Duration.ofSeconds(10))).isFalse();
    }

    @Test
    void a_later_wish_replaces_an_earlier_one() {
        admin.tells(reboot(2));
        admin.tells(reboot(30));

        assertThat(isDownAfter(Duration.ofSeconds(29))).isFalse();
        assertThat(isDownAfter(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void a_node_that_was_shut_down_stays_off_until_somebody_turns_it_on() {
        admin.tells(AdminMessage.newBuilder().setShutdownSeconds(3));
        bench.host.advance(Duration.ofDays(1));
        assertThat(admin.client.end).isEqualTo("silence");
        assertThat(bench.knocks().end).isEqualTo("RST");

        bench.node.reboot();
        bench.host.advance(TAKES);
        assertThat(bench.ready().end).isEqualTo("none");
    }

    @Test
    void a_changed_section_counts_at_once_and_restarts_the_node_after_7_seconds() {
        assertThat(admin.sets(buttonAt(11))).isEqualTo(Routing.Error.NONE);
        assertThat(button()).isEqualTo(11);
        assertThat(isDownAfter(Duration.ofMillis(6900))).isFalse();
        assertThat(isDownAfter(Duration.ofMillis(100))).isTrue();

        bench.host.advance(TAKES);
        admin.returns();
        assertThat(button()).isEqualTo(11);
    }

    @Test
    void a_changed_module_restarts_the_node() {
        admin.does(AdminMessage.newBuilder()
                .setSetModuleConfig(ModuleConfig.newBuilder()
                        .setMqtt(ModuleConfig.MqttConfig.newBuilder().setEnabled(true))));

        assertThat(isDownAfter(RESTART)).isTrue();
    }

    @Test
    void lora_keys_and_channels_work_without_a_restart() {
        admin.sets(Config.newBuilder()
                .setLora(Config.LoRaConfig.newBuilder()
                        .setRegion(Config.LoRaConfig.RegionCode.EU_868)
                        .setHopLimit(5)));
        admin.sets(Config.newBuilder()
                .setSecurity(Config.SecurityConfig.newBuilder().setSerialEnabled(true)));
        admin.does(AdminMessage.newBuilder()
                .setSetChannel(Channel.newBuilder()
                        .setIndex(1)
                        .setSettings(ChannelSettings.newBuilder().setName("x"))));

        assertThat(isDownAfter(Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void a_new_owner_restarts_the_node_and_the_same_one_again_does_not() {
        AdminMessage.Builder grace =
                AdminMessage.newBuilder().setSetOwner(User.newBuilder().setLongName("Grace"));
        admin.does(grace);
        assertThat(isDownAfter(RESTART)).isTrue();
        bench.host.advance(TAKES);
        admin.returns();

        admin.does(grace);
        assertThat(isDownAfter(Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void what_works_at_once_of_a_section_restarts_nothing() {
        admin.sets(
                Config.newBuilder().setDevice(Config.DeviceConfig.newBuilder().setNodeInfoBroadcastSecs(4711)));
        Config.PowerConfig power =
                admin.config(AdminMessage.ConfigType.POWER_CONFIG).getPower();
        admin.sets(Config.newBuilder().setPower(power.toBuilder().setAdcMultiplierOverride(3)));
        Config.DisplayConfig display =
                admin.config(AdminMessage.ConfigType.DISPLAY_CONFIG).getDisplay();
        admin.sets(Config.newBuilder().setDisplay(display));

        assertThat(isDownAfter(Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void other_settings_of_such_sections_restart_the_node() {
        admin.sets(Config.newBuilder().setDisplay(Config.DisplayConfig.getDefaultInstance()));

        assertThat(isDownAfter(RESTART)).isTrue();
    }

    @Test
    void old_firmware_restarts_for_what_the_radio_is_to_do_otherwise_and_not_for_hops() {
        Bench old = Bench.of(SimulatedNode.builder().firmware(FirmwareProfile.V2_6));
        Admin client = new Admin(old);
        Config.LoRaConfig lora =
                client.config(AdminMessage.ConfigType.LORA_CONFIG).getLora();
        client.sets(Config.newBuilder().setLora(lora.toBuilder().setHopLimit(5)));
        old.host.advance(Duration.ofMinutes(1));
        assertThat(client.client.end).isEqualTo("none");

        client.sets(Config.newBuilder().setLora(lora.toBuilder().setRegion(Config.LoRaConfig.RegionCode.EU_868)));
        old.host.advance(RESTART);
        assertThat(client.client.end).isEqualTo("silence");
    }

    @Test
    void the_end_of_a_transaction_restarts_the_node_even_if_none_was_begun() {
        admin.does(AdminMessage.newBuilder().setCommitEditSettings(true));

        assertThat(isDownAfter(RESTART)).isTrue();
    }

    @Test
    void a_region_gives_a_node_keys_and_its_preset_the_rest_as_recorded() {
        Bench fresh = Bench.of(SimulatedNode.builder()
                .config(Config.newBuilder()
                        .setLora(Config.LoRaConfig.newBuilder().setUsePreset(true))
                        .build())
                .config(Config.newBuilder()
                        .setSecurity(Config.SecurityConfig.newBuilder().setSerialEnabled(true))
                        .build()));
        Admin client = new Admin(fresh);
        assertThat(client.config(AdminMessage.ConfigType.LORA_CONFIG).getLora().getRegionValue())
                .isZero();
        client.sets(Config.newBuilder()
                .setLora(Config.LoRaConfig.newBuilder()
                        .setUsePreset(true)
                        .setBandwidth(250)
                        .setSpreadFactor(11)
                        .setRegion(Config.LoRaConfig.RegionCode.US)));

        assertThat(client.config(AdminMessage.ConfigType.LORA_CONFIG).getLora().getCodingRate())
                .isEqualTo(5);
        Config.SecurityConfig keys =
                client.config(AdminMessage.ConfigType.SECURITY_CONFIG).getSecurity();
        assertThat(keys.getPrivateKey().size()).isEqualTo(32);
        assertThat(keys.getPublicKey().size()).isEqualTo(32);
    }

    @Test
    void a_transaction_restarts_the_node_once_at_its_end() {
        admin.does(AdminMessage.newBuilder().setBeginEditSettings(true));
        admin.sets(buttonAt(11));
        admin.sets(Config.newBuilder().setPower(Config.PowerConfig.newBuilder().setLsSecs(42)));
        assertThat(isDownAfter(Duration.ofSeconds(20))).isFalse();

        assertThat(admin.does(AdminMessage.newBuilder().setCommitEditSettings(true)))
                .isEqualTo(Routing.Error.NONE);
        assertThat(isDownAfter(RESTART)).isTrue();
        bench.host.advance(TAKES);
        admin.returns();
        assertThat(button()).isEqualTo(11);
        assertThat(isDownAfter(Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void a_transaction_belongs_to_the_node_not_to_a_connection() {
        admin.does(AdminMessage.newBuilder().setBeginEditSettings(true));
        admin.client.leaves();
        admin.returns();
        admin.sets(buttonAt(11));

        assertThat(isDownAfter(Duration.ofSeconds(20))).isFalse();
    }

    @Test
    void what_was_not_committed_is_lost_in_a_restart() {
        int before = button();
        admin.does(AdminMessage.newBuilder().setBeginEditSettings(true));
        admin.sets(buttonAt(11));
        admin.does(AdminMessage.newBuilder().setSetOwner(User.newBuilder().setLongName("Grace")));
        bench.node.reboot();
        bench.host.advance(TAKES);
        admin.returns();

        assertThat(button()).isEqualTo(before);
        assertThat(admin.gets(AdminMessage.newBuilder().setGetOwnerRequest(true))
                        .getGetOwnerResponse()
                        .getLongName())
                .isEqualTo("Ada");
        admin.sets(buttonAt(12));
        assertThat(isDownAfter(RESTART)).isTrue();
    }

    @Test
    void the_passkey_is_renewed_by_time_and_by_a_restart() {
        AdminMessage.Builder question = AdminMessage.newBuilder().setGetOwnerRequest(true);
        ByteString first = admin.gets(question).getSessionPasskey();
        bench.host.advance(Duration.ofSeconds(149));
        assertThat(admin.gets(question).getSessionPasskey()).isEqualTo(first);
        bench.host.advance(Duration.ofSeconds(1));
        ByteString second = admin.gets(question).getSessionPasskey();
        assertThat(second).isNotEqualTo(first);

        bench.node.reboot();
        bench.host.advance(TAKES);
        admin.returns();
        assertThat(admin.gets(question).getSessionPasskey()).isNotEqualTo(second);
    }

    @Test
    void a_factory_reset_of_the_settings_keeps_the_keys_and_forgets_region_owner_and_nodes() {
        Config.SecurityConfig keys =
                admin.config(AdminMessage.ConfigType.SECURITY_CONFIG).getSecurity();
        bench.node.peer(PEER);
        admin.sets(buttonAt(11));

        assertThat(admin.does(AdminMessage.newBuilder().setFactoryResetConfig(1)))
                .isEqualTo(Routing.Error.NONE);
        bench.host.advance(RESTART.plus(TAKES));
        admin.returns();

        assertThat(admin.config(AdminMessage.ConfigType.LORA_CONFIG).getLora().getRegion())
                .isEqualTo(Config.LoRaConfig.RegionCode.UNSET);
        assertThat(button()).isZero();
        assertThat(admin.gets(AdminMessage.newBuilder().setGetOwnerRequest(true))
                        .getGetOwnerResponse()
                        .getLongName())
                .startsWith("Meshtastic ");
        assertThat(admin.config(AdminMessage.ConfigType.SECURITY_CONFIG)
                        .getSecurity()
                        .getPrivateKey())
                .isEqualTo(keys.getPrivateKey());
        assertThat(bench.node.peers()).isEmpty();
    }

    @Test
    void a_factory_reset_of_the_device_takes_the_keys_too() {
        admin.does(AdminMessage.newBuilder().setFactoryResetDevice(1));
        bench.host.advance(RESTART.plus(TAKES));
        admin.returns();

        assertThat(admin.config(AdminMessage.ConfigType.SECURITY_CONFIG)
                        .getSecurity()
                        .getPrivateKey())
                .isEmpty();
    }

    @Test
    void a_reset_of_the_node_database_can_spare_favourites() {
        bench.node.peer(PEER);
        bench.node.peer(new NodeId(0x0badcafe));
        admin.does(AdminMessage.newBuilder().setSetFavoriteNode(PEER.number()));
        admin.does(AdminMessage.newBuilder().setNodedbReset(true));

        assertThat(bench.node.peers()).extracting(SimulatedPeer::id).containsExactly(PEER);
        assertThat(isDownAfter(RESTART)).isTrue();
    }

    @Test
    void a_client_can_end_the_simulation_of_the_daemon_only() {
        List<String> ended = new ArrayList<>();
        Bench daemon = Bench.of(
                SimulatedNode.builder().with(Switch.SIMULATED_RADIO, true).onExit(() -> ended.add("daemon")));
        Bench plain = Bench.of(SimulatedNode.builder()
                .variant(Variant.nativeDaemon())
                .onExit(() -> ended.add("without a simulated radio")));
        Bench board = Bench.of(SimulatedNode.builder().onExit(() -> ended.add("board")));

        new Admin(daemon).tells(AdminMessage.newBuilder().setExitSimulator(true));
        new Admin(plain).tells(AdminMessage.newBuilder().setExitSimulator(true));
        new Admin(board).tells(AdminMessage.newBuilder().setExitSimulator(true));

        assertThat(ended).containsExactly("daemon", "without a simulated radio");
        assertThat(daemon.knocks().end).isEqualTo("RST");
        assertThat(board.ready().end).isEqualTo("none");
    }

    @Test
    void to_shut_the_daemon_down_ends_the_simulation_in_time() {
        List<String> ended = new ArrayList<>();
        Bench daemon = Bench.of(
                SimulatedNode.builder().with(Switch.SIMULATED_RADIO, true).onExit(() -> ended.add("daemon")));
        new Admin(daemon).tells(AdminMessage.newBuilder().setShutdownSeconds(2));
        assertThat(ended).isEmpty();
        daemon.host.advance(Duration.ofSeconds(2));

        assertThat(ended).containsExactly("daemon");
    }
}
