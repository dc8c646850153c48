package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.DeviceMetrics;
import dev.meshlease.proto.EnvironmentMetrics;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.HardwareModel;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.ModuleConfig;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Telemetry;
import dev.meshlease.testkit.internal.firmware.DumpFrame;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the state dump has in it, per firmware and switch by switch. */
class StateDumpTest {
    private static final NodeId PEER = new NodeId(0x0c0ffee0);
    private static final Position PLACE = Position.newBuilder()
            .setLatitudeI(590000000)
            .setLongitudeI(180000000)
            .setAltitude(12)
            .build();
    private static final Telemetry BATTERY = Telemetry.newBuilder()
            .setTime(1)
            .setDeviceMetrics(DeviceMetrics.newBuilder().setBatteryLevel(77))
            .build();
    private static final Telemetry WEATHER = Telemetry.newBuilder()
            .setTime(1)
            .setEnvironmentMetrics(EnvironmentMetrics.newBuilder().setTemperature(21))
            .build();

    private static Bench.Client dump(SimulatedNodeBuilder builder) {
        return dump(Bench.of(builder), 7);
    }

    private static Bench.Client dump(Bench bench, int nonce) {
        Bench.Client client = bench.connect();
        client.wantsConfig(nonce);
        bench.host.advance(Bench.MOMENT);
        return client;
    }

    private static Bench.Client dumpAfterTraffic(SimulatedNodeBuilder builder, int nonce) {
        Bench bench = Bench.of(builder);
        bench.ready();
        SimulatedPeer peer = bench.node.peer(PEER);
        peer.sends(PayloadType.TELEMETRY, WEATHER);
        peer.sends(PayloadType.TELEMETRY, BATTERY);
        peer.sends(PayloadType.POSITION, PLACE);
        bench.host.advance(Duration.ofSeconds(1));
        return dump(bench, nonce);
    }

    private static SimulatedNodeBuilder recordedNode(FirmwareProfile firmware, int number) {
        return SimulatedNode.builder()
                .variant(Variant.nativeDaemon())
                .firmware(firmware)
                .number(new NodeId(number))
                .longName("Meshtastic 5678");
    }

    private static boolean isTheSameEverywhere(FromRadio message) {
        return !message.hasNodeInfo() // keys and what was measured
                && !message.hasMyInfo()
                && !message.hasFileInfo() // sizes
                && !message.getConfig().hasSecurity();
    }

    @ParameterizedTest
    @CsvSource({"03-handshake-full, V2_7", "45-handshake-with-nodes, V2_7", "2.8-45-handshake-with-nodes, V2_8"})
    void a_native_node_says_what_a_recorded_one_said_byte_for_byte(String recording, FirmwareProfile firmware) {
        Recording recorded = Recording.bundled(recording);
        Bench.Client client = dump(recordedNode(firmware, recorded.node().number()));

        List<FromRadio> dump = client.dump();
        List<ByteString> said = IntStream.range(0, dump.size() - 1)
                .filter(i -> isTheSameEverywhere(dump.get(i)))
                .mapToObj(client.payloads()::get)
                .toList();
        assertThat(said)
                .isEqualTo(recorded.dump().stream()
                        .filter(frame -> isTheSameEverywhere(frame.message()))
                        .map(DumpFrame::bytes)
                        .toList());
    }

    @Test
    void a_native_node_introduces_itself_like_the_recorded_one_but_for_its_key() {
        Recording recorded = Recording.bundled("03-handshake-full");
        Bench.Client client =
                dump(recordedNode(FirmwareProfile.V2_7, recorded.node().number()));

        NodeInfo self = self(client);
        assertThat(self.toBuilder()
                        .setUser(self.getUser().toBuilder().clearPublicKey())
                        .build())
                .isEqualTo(recorded.dump().get(2).message().getNodeInfo());
        assertThat(client.payloads().get(0)).isEqualTo(recorded.dump().get(0).bytes());
    }

    private static NodeInfo self(Bench.Client client) {
        return client.received().stream()
                .filter(FromRadio::hasNodeInfo)
                .findFirst()
                .orElseThrow()
                .getNodeInfo();
    }

    @ParameterizedTest
    @CsvSource({"V2_6, 13, 0", "V2_7, 16, 3", "V2_8, 17, 0"})
    void each_firmware_has_its_number_of_module_configs(FirmwareProfile firmware, int all, int empty) {
        Bench.Client client = dump(SimulatedNode.builder().firmware(firmware));

        assertThat(client.received()).filteredOn(FromRadio::hasModuleConfig).hasSize(all);
        assertThat(client.received())
                .filteredOn(FromRadio::hasModuleConfig)
                .filteredOn(message -> message.getModuleConfig().getPayloadVariantCase()
                        == ModuleConfig.PayloadVariantCase.PAYLOADVARIANT_NOT_SET)
                .hasSize(empty);
    }

    @ParameterizedTest
    @EnumSource(FirmwareProfile.class)
    void each_firmware_reports_its_version(FirmwareProfile firmware) {
        assertThat(dump(SimulatedNode.builder().firmware(firmware)).received())
                .filteredOn(FromRadio::hasMetadata)
                .extracting(message -> message.getMetadata().getFirmwareVersion())
                .containsExactly(firmware.version());
    }

    @Test
    void each_variant_reports_its_hardware() {
        for (Variant variant : Variant.all()) {
            Bench.Client client = dump(SimulatedNode.builder().variant(variant));

            assertThat(client.received().get(0).getMyInfo().getPioEnv()).isEqualTo(variant.board());
            assertThat(client.received())
                    .filteredOn(FromRadio::hasMetadata)
                    .extracting(message -> message.getMetadata().getHwModel())
                    .containsExactly(variant.model());
            assertThat(self(client).getUser().getHwModel()).isEqualTo(variant.model());
        }
        assertThat(Variant.all()).extracting(Variant::model).contains(HardwareModel.PORTDUINO);
    }

    @Test
    void module_configs_are_a_switch() {
        assertThat(dump(SimulatedNode.builder().with(Switch.MODULE_CONFIGS, 3)).received())
                .filteredOn(FromRadio::hasModuleConfig)
                .hasSize(3);
    }

    @Test
    void region_presets_are_a_switch_and_follow_the_metadata() {
        List<FromRadio> without = dump(SimulatedNode.builder()).received();
        List<FromRadio> with =
                dump(SimulatedNode.builder().with(Switch.REGION_PRESETS, true)).received();

        assertThat(without).noneMatch(FromRadio::hasRegionPresets);
        assertThat(with.get(3).hasMetadata()).isTrue();
        assertThat(with.get(4).hasRegionPresets()).isTrue();
    }

    @Test
    void the_nodes_of_a_dump_come_with_position_and_metrics() {
        NodeInfo peer = peer(dumpAfterTraffic(SimulatedNode.builder(), 7));

        assertThat(peer.getPosition().getLatitudeI()).isEqualTo(PLACE.getLatitudeI());
        assertThat(peer.getDeviceMetrics().getBatteryLevel()).isEqualTo(77);
    }

    @Test
    void thin_nodes_are_a_switch() {
        NodeInfo peer = peer(dumpAfterTraffic(SimulatedNode.builder().with(Switch.THIN_NODES, true), 7));

        assertThat(peer.hasPosition()).isFalse();
        assertThat(peer.hasDeviceMetrics()).isFalse();
        assertThat(peer.getUser().getLongName()).isNotEmpty();
    }

    private static NodeInfo peer(Bench.Client client) {
        return client.received().stream()
                .filter(FromRadio::hasNodeInfo)
                .map(FromRadio::getNodeInfo)
                .filter(info -> info.getNum() == PEER.number())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void without_the_switch_nothing_is_repeated_behind_the_dump() {
        assertThat(dumpAfterTraffic(SimulatedNode.builder().firmware(FirmwareProfile.V2_7), 7)
                        .packets())
                .noneMatch(packet -> packet.getPriority() == MeshPacket.Priority.BACKGROUND);
    }

    private static List<MeshPacket> repeats(Bench.Client client) {
        return client.packets().stream()
                .filter(packet -> packet.getPriority() == MeshPacket.Priority.BACKGROUND)
                .toList();
    }

    @Test
    void what_nodes_said_is_repeated_behind_the_dump_positions_first() throws Exception {
        List<MeshPacket> repeats =
                repeats(dumpAfterTraffic(SimulatedNode.builder().with(Switch.REPLAY, true), 7));

        assertThat(repeats)
                .extracting(packet -> packet.getDecoded().getPortnum())
                .containsExactly(PortNum.POSITION_APP, PortNum.TELEMETRY_APP, PortNum.TELEMETRY_APP);
        assertThat(repeats).allMatch(packet -> packet.getFrom() == PEER.number() && packet.getTo() == -1);
        assertThat(repeats)
                .extracting(MeshPacket::getId)
                .doesNotHaveDuplicates()
                .doesNotContain(0);
        assertThat(Position.parseFrom(repeats.get(0).getDecoded().getPayload()).getAltitude())
                .isEqualTo(12);
        assertThat(Telemetry.parseFrom(repeats.get(1).getDecoded().getPayload()))
                .isEqualTo(BATTERY.toBuilder().clearTime().build());
        assertThat(Telemetry.parseFrom(repeats.get(2).getDecoded().getPayload()))
                .isEqualTo(WEATHER);
    }

    @Test
    void a_repeated_packet_looks_like_the_recorded_one() {
        MeshPacket recorded = Recording.bundled("2.8-45-handshake-with-nodes").packets().stream()
                .filter(packet -> packet.getPriority() == MeshPacket.Priority.BACKGROUND)
                .findFirst()
                .orElseThrow();
        MeshPacket repeat = repeats(dumpAfterTraffic(SimulatedNode.builder().firmware(FirmwareProfile.V2_8), 7))
                .get(1);

        assertThat(repeat.toBuilder()
                        .setFrom(recorded.getFrom())
                        .setId(recorded.getId())
                        .setRxSnr(recorded.getRxSnr())
                        .clearRxTime() // the recorded node had no clock
                        .build())
                .isEqualTo(recorded);
    }

    @Test
    void repeats_wait_until_nothing_else_does_and_have_the_same_ids_after_each_handshake() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.REPLAY, true));
        bench.ready();
        bench.node.peer(PEER).sends(PayloadType.POSITION, PLACE);
        bench.host.advance(Duration.ofSeconds(1));
        Bench.Client first = dump(bench, 7);
        first.leaves();
        bench.node.peer(PEER).says("live");
        Bench.Client second = dump(bench, 8);

        assertThat(second.packets())
                .extracting(packet -> packet.getDecoded().getPortnum())
                .containsExactly(PortNum.TEXT_MESSAGE_APP, PortNum.POSITION_APP);
        assertThat(repeats(second))
                .extracting(MeshPacket::getId)
                .isEqualTo(repeats(first).stream().map(MeshPacket::getId).toList());
    }

    @Test
    void the_nonce_for_nodes_only_has_the_repeats_and_the_one_for_settings_only_has_not() {
        assertThat(repeats(dumpAfterTraffic(SimulatedNode.builder().firmware(FirmwareProfile.V2_8), 69421)))
                .isNotEmpty();
        assertThat(repeats(dumpAfterTraffic(SimulatedNode.builder().firmware(FirmwareProfile.V2_8), 69420)))
                .isEmpty();
    }

    @Test
    void special_nonces_are_a_switch() {
        Bench bench = Bench.of(SimulatedNode.builder().nodes(2).with(Switch.SPECIAL_NONCES, false));

        assertThat(dump(bench, 69420).received())
                .filteredOn(FromRadio::hasNodeInfo)
                .hasSize(3);
        assertThat(dump(bench, 69421).received()).anyMatch(FromRadio::hasMyInfo);
    }

    @Test
    void the_own_entry_has_metrics_once_they_are_measured() {
        Bench bench = Bench.of(SimulatedNode.builder().variant(Variant.nativeDaemon()));
        assertThat(self(dump(bench, 1)).hasDeviceMetrics()).isFalse();
        bench.host.advance(Duration.ofSeconds(60));

        DeviceMetrics measured = self(dump(bench, 2)).getDeviceMetrics();
        assertThat(measured.getBatteryLevel()).isEqualTo(101);
        assertThat(measured.getUptimeSeconds()).isEqualTo(60);
    }

    @Test
    void settings_can_be_preset() {
        SimulatedNodeBuilder builder = SimulatedNode.builder()
                .config(Config.newBuilder()
                        .setLora(Config.LoRaConfig.newBuilder().setHopLimit(5))
                        .build())
                .config(Config.newBuilder()
                        .setPower(Config.PowerConfig.newBuilder().setLsSecs(42))
                        .build())
                .moduleConfig(ModuleConfig.newBuilder()
                        .setMqtt(ModuleConfig.MqttConfig.newBuilder().setEnabled(true))
                        .build())
                .channel(Channel.newBuilder()
                        .setIndex(3)
                        .setRole(Channel.Role.PRIMARY)
                        .build());

        List<FromRadio> dump = dump(builder).dump();
        assertThat(dump)
                .anyMatch(message -> message.getConfig().getLora().getHopLimit() == 5
                        && message.getConfig().getLora().getRegionValue() == 0)
                .anyMatch(message -> message.getConfig().getPower().getLsSecs() == 42)
                .anyMatch(message -> message.getModuleConfig().getMqtt().getEnabled());
        assertThat(dump)
                .filteredOn(message -> message.getChannel().getRole() == Channel.Role.PRIMARY)
                .extracting(message -> message.getChannel().getIndex())
                .containsExactly(3);
    }

    @Test
    void a_preset_that_presets_nothing_is_refused() {
        SimulatedNodeBuilder builder = SimulatedNode.builder();

        assertThatThrownBy(() -> builder.config(Config.getDefaultInstance()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.moduleConfig(ModuleConfig.getDefaultInstance()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> builder.channel(Channel.newBuilder().setIndex(8).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 7");
    }

    @Test
    void a_preset_that_the_firmware_does_not_know_is_refused() {
        SimulatedNodeBuilder builder = SimulatedNode.builder()
                .moduleConfig(ModuleConfig.newBuilder()
                        .setTak(ModuleConfig.TakConfig.getDefaultInstance())
                        .build());

        assertThatThrownBy(() -> Bench.of(builder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("moduleConfig");
    }
}
