package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.message.NodeId;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.ChannelSettings;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.EnvironmentMetrics;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that goes on, in another process, where it was. */
class KeptStateTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);

    @TempDir
    Path directory;

    private SimulatedNodeBuilder builder() {
        return SimulatedNode.builder().directory(directory);
    }

    private Path file() {
        return directory.resolve("simulated-node.state");
    }

    private static Config.Builder broadcastEvery(int seconds) {
        return Config.newBuilder().setDevice(Config.DeviceConfig.newBuilder().setNodeInfoBroadcastSecs(seconds));
    }

    private static int broadcastSeconds(Admin admin) {
        return admin.config(AdminMessage.ConfigType.DEVICE_CONFIG).getDevice().getNodeInfoBroadcastSecs();
    }

    @Test
    void settings_names_keys_and_number_are_found_again() {
        Admin before = new Admin(Bench.of(builder()));
        before.sets(broadcastEvery(4711));
        before.does(AdminMessage.newBuilder()
                .setSetModuleConfig(ModuleConfig.newBuilder()
                        .setMqtt(ModuleConfig.MqttConfig.newBuilder().setRoot("msh/here"))));
        before.does(AdminMessage.newBuilder()
                .setSetChannel(Channel.newBuilder()
                        .setIndex(1)
                        .setSettings(ChannelSettings.newBuilder().setName("news"))
                        .setRole(Channel.Role.SECONDARY)));
        before.does(AdminMessage.newBuilder().setSetOwner(User.newBuilder().setLongName("Grace")));
        before.bench.node.close();

        Admin after = new Admin(Bench.of(builder()));
        assertThat(after.bench.node.id()).isEqualTo(before.bench.node.id());
        assertThat(broadcastSeconds(after)).isEqualTo(4711);
        assertThat(after.gets(AdminMessage.newBuilder()
                                .setGetModuleConfigRequest(AdminMessage.ModuleConfigType.MQTT_CONFIG))
                        .getGetModuleConfigResponse()
                        .getMqtt()
                        .getRoot())
                .isEqualTo("msh/here");
        assertThat(after.channel(1).getSettings().getName()).isEqualTo("news");
        assertThat(after.gets(AdminMessage.newBuilder().setGetOwnerRequest(true))
                        .getGetOwnerResponse()
                        .getLongName())
                .isEqualTo("Grace");
    }

    @Test
    void the_node_database_and_what_nodes_said_are_found_again() throws Exception {
        Bench before = Bench.of(builder());
        before.node
                .peer(PEER)
                .sends(
                        PayloadType.NODE_INFO,
                        User.newBuilder().setLongName("Coffee").build());
        Telemetry weather = Telemetry.newBuilder()
                .setEnvironmentMetrics(EnvironmentMetrics.newBuilder().setTemperature(21))
                .build();
        before.node.peer(PEER).sends(PayloadType.TELEMETRY, weather);
        before.node.close();

        Bench after = Bench.of(builder().firmware(FirmwareProfile.V2_8));
        Bench.Client client = after.connect();
        client.wantsConfig(1);
        after.host.advance(Bench.MOMENT);
        assertThat(after.node.peers()).extracting(SimulatedPeer::id).containsExactly(PEER);
        assertThat(client.received())
                .anyMatch(
                        message -> message.getNodeInfo().getUser().getLongName().equals("Coffee"));
        assertThat(Telemetry.parseFrom(client.packets().get(0).getDecoded().getPayload()))
                .isEqualTo(weather);
    }

    @Test
    void what_the_node_measured_of_itself_is_not_kept() {
        Bench before = Bench.of(builder().with(Switch.OWN_TELEMETRY, true));
        before.host.advance(Duration.ofSeconds(61));
        before.node.peer(PEER);
        before.node.close();

        Bench after = Bench.of(builder());
        Bench.Client client = after.connect();
        client.wantsConfig(1);
        after.host.advance(Bench.MOMENT);
        assertThat(client.dump()).noneMatch(message -> message.getNodeInfo().hasDeviceMetrics());
    }

    @Test
    void the_first_start_counts_too() {
        NodeId first = Bench.of(builder()).node.id();

        assertThat(Bench.of(builder()).node.id()).isEqualTo(first);
    }

    @Test
    void a_change_is_saved_within_a_second() {
        Admin killed = new Admin(Bench.of(builder()));
        killed.sets(broadcastEvery(4711));
        killed.bench.host.advance(Duration.ofSeconds(1));

        assertThat(broadcastSeconds(new Admin(Bench.of(builder())))).isEqualTo(4711);
    }

    @Test
    void an_open_transaction_is_not_saved_and_a_committed_one_is_at_close() {
        Admin admin = new Admin(Bench.of(builder()));
        admin.does(AdminMessage.newBuilder().setBeginEditSettings(true));
        admin.sets(broadcastEvery(4711));
        admin.bench.node.peer(PEER).says("a reason to save");
        admin.bench.host.advance(Duration.ofSeconds(2));
        assertThat(broadcastSeconds(new Admin(Bench.of(builder())))).isEqualTo(10800);

        admin.does(AdminMessage.newBuilder().setCommitEditSettings(true));
        admin.bench.node.close();
        assertThat(broadcastSeconds(new Admin(Bench.of(builder())))).isEqualTo(4711);
    }

    @Test
    void a_restart_of_the_node_saves() {
        Admin admin = new Admin(Bench.of(builder()));
        admin.sets(broadcastEvery(4711));
        admin.bench.node.reboot();

        assertThat(broadcastSeconds(new Admin(Bench.of(builder())))).isEqualTo(4711);
    }

    @Test
    void what_is_preset_and_whom_it_knows_counts_at_the_first_start_only() {
        Bench.of(builder().longName("Ada").nodes(2)).node.close();

        Admin after = new Admin(Bench.of(
                builder().longName("Grace").nodes(5).config(broadcastEvery(4711).build())));
        assertThat(after.gets(AdminMessage.newBuilder().setGetOwnerRequest(true))
                        .getGetOwnerResponse()
                        .getLongName())
                .isEqualTo("Ada");
        assertThat(broadcastSeconds(after)).isEqualTo(10800);
        assertThat(after.bench.node.peers()).hasSize(2);
    }

    @Test
    void erased_state_is_forgotten() {
        NodeId first = Bench.of(builder()).node.id();

        assertThat(Bench.of(builder().eraseFirst()).node.id()).isNotEqualTo(first);
    }

    @Test
    void newer_firmware_keeps_the_settings_and_reports_itself() {
        Admin before = new Admin(Bench.of(builder()));
        before.sets(broadcastEvery(4711));
        before.bench.node.close();

        Admin after = new Admin(Bench.of(builder().firmware(FirmwareProfile.V2_8)));
        assertThat(broadcastSeconds(after)).isEqualTo(4711);
        assertThat(after.gets(AdminMessage.newBuilder().setGetDeviceMetadataRequest(true))
                        .getGetDeviceMetadataResponse()
                        .getFirmwareVersion())
                .startsWith("2.8");
    }

    @Test
    void another_number_than_the_one_in_the_directory_is_refused() {
        NodeId first = Bench.of(builder()).node.id();
        SimulatedNodeBuilder other = builder().number(PEER);

        assertThatThrownBy(() -> Bench.of(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(first.toString())
                .hasMessageContaining(file().toString());
        assertThat(Bench.of(builder().number(first)).node.id()).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "meshlease simulated node 1\n",
                "Some other program's file\n",
                "meshlease simulated node 2\nxxxxxxxx"
            })
    void a_foreign_file_is_refused_by_name_and_left_as_it_is(String content) throws IOException {
        Files.writeString(file(), content);

        assertThatThrownBy(() -> Bench.of(builder()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("erase");
        assertThat(file()).hasContent(content);
    }

    @Test
    void a_damaged_file_is_refused_wherever_the_damage_is() throws IOException {
        Bench.of(builder()).node.close();
        byte[] good = Files.readAllBytes(file());
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file(), bad);
            assertThatThrownBy(() -> Bench.of(builder())).as("byte %d", at).isInstanceOf(UncheckedIOException.class);
        }
        for (int length : new int[] {1, 30, good.length - 1}) {
            Files.write(file(), Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Bench.of(builder())).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void a_directory_that_is_a_file_is_refused() throws IOException {
        Path taken = Files.createFile(directory.resolve("taken"));

        assertThatThrownBy(() -> Bench.of(SimulatedNode.builder().directory(taken)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(taken.toString());
    }

    @Test
    void a_missing_directory_is_made() {
        Path deep = directory.resolve("a/b");
        Bench.of(SimulatedNode.builder().directory(deep)).node.close();

        assertThat(deep).isDirectory();
    }

    @Test
    void a_state_that_cannot_be_saved_at_the_end_is_an_error_of_closing() throws IOException {
        Admin admin = new Admin(Bench.of(builder()));
        admin.sets(broadcastEvery(4711));
        Files.createDirectory(directory.resolve("simulated-node.state.new"));

        assertThatThrownBy(admin.bench.node::close)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file().toString());
        assertThat(admin.client.end).isEqualTo("FIN");
    }

    @Test
    void a_state_that_could_not_be_saved_is_still_unsaved_at_the_end() throws IOException {
        Admin admin = new Admin(Bench.of(builder()));
        admin.sets(broadcastEvery(4711));
        Path obstacle = Files.createDirectory(directory.resolve("simulated-node.state.new"));
        admin.bench.host.advance(Duration.ofSeconds(2));
        Files.delete(obstacle);
        admin.bench.node.close();

        assertThat(broadcastSeconds(new Admin(Bench.of(builder())))).isEqualTo(4711);
    }

    @Test
    void it_works_in_virtual_time() {
        VirtualEnvironment environment = VirtualEnvironment.create();
        SimulatedNode first = builder().start(environment);
        first.peer(PEER);
        first.close();
        SimulatedNode second = builder().start(environment);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.peers()).extracting(SimulatedPeer::id).containsExactly(PEER);
    }

    @Test
    void a_recorded_node_keeps_nothing() {
        SimulatedNodeBuilder both = builder().recording(Recording.bundled("03-handshake-full"));

        assertThatThrownBy(() -> Bench.of(both))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("directory");
    }
}
