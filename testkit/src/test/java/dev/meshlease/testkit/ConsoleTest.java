package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The serial console: one session for good, with text around its frames. */
class ConsoleTest {
    private static final String FRAME = "\u0094\u00c3";

    private static SimulatedNodeBuilder quiet() {
        return SimulatedNode.builder().nodes(1).with(Switch.BOOT_TEXT, false).with(Switch.REBOOT_ANNOUNCED, false);
    }

    private static String text(Bench.Client client) {
        return new String(client.bytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_board_prints_text_around_the_word_that_it_has_started() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.turnOn();

        assertThat(text(client))
                .startsWith("\r\nESP-ROM")
                .contains(FRAME + "\0\2@\1")
                .contains("Booting\r\n")
                .endsWith("\r\n\u001b[0m");
        assertThat(client.received()).singleElement().matches(FromRadio::getRebooted);
    }

    @Test
    void firmware_2_8_does_not_say_that_it_has_started() {
        Bench bench = Bench.of(SimulatedNode.builder().firmware(FirmwareProfile.V2_8));

        assertThat(bench.turnOn().received()).isEmpty();
    }

    @Test
    void without_boot_text_only_the_frame_comes() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.BOOT_TEXT, false));

        assertThat(bench.turnOn().bytes()).hasSize(6);
    }

    @Test
    void a_cable_plugged_in_later_brings_nothing_by_itself() {
        Bench bench = Bench.of(SimulatedNode.builder());
        Bench.Client client = bench.plug();
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.bytes()).isEmpty();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        assertThat(client.dump()).last().matches(FromRadio::hasConfigCompleteId);
    }

    @Test
    void who_has_read_the_nodes_state_to_its_end_is_told_of_each_time() {
        List<String> configured = new ArrayList<>();
        Bench bench = Bench.of(quiet().listener(new NodeListener() {
            @Override
            public void configured(String connection) {
                configured.add(connection);
            }
        }));
        Bench.Client client = bench.plug();
        assertThat(configured).isEmpty();
        for (int nonce = 1; nonce <= 2; nonce++) {
            client.wantsConfig(nonce);
            bench.host.advance(Bench.MOMENT);
            assertThat(client.dump()).last().matches(FromRadio::hasConfigCompleteId);
            assertThat(configured).hasSize(nonce).containsOnly("A");
        }
    }

    @Test
    void opening_the_port_of_some_boards_restarts_the_node() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.RESET_ON_OPEN, true));
        Bench.Client network = bench.ready();
        Bench.Client client = bench.plug();
        bench.host.advance(Bench.MOMENT);
        assertThat(network.end).isEqualTo("silence");
        bench.host.advance(Duration.ofSeconds(6));

        assertThat(client.received()).singleElement().matches(FromRadio::getRebooted);
    }

    @Test
    void the_chip_prints_at_once_when_it_restarts_and_the_firmware_when_it_is_up() {
        Bench bench = Bench.of(SimulatedNode.builder().with(Switch.REBOOT_TIME, Duration.ofSeconds(5)));
        Bench.Client client = bench.plug();
        client.toleratesRubbish = true;
        bench.node.reboot();
        bench.host.advance(Duration.ofSeconds(4));
        assertThat(text(client)).startsWith("\r\nESP-ROM").endsWith("entry 0x403c98d0\r\n");
        bench.host.advance(Duration.ofSeconds(2));

        assertThat(text(client)).contains("Booting\r\n");
    }

    @Test
    void after_a_restart_without_a_word_only_heartbeats_are_answered_until_the_client_asks_again() {
        Bench bench = Bench.of(quiet());
        Bench.Client client = bench.plug();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        client.forget();
        bench.node.reboot();
        bench.host.advance(Duration.ofSeconds(6));
        bench.node.peers().get(0).says("kept");
        client.beats(0);
        bench.host.advance(Duration.ofSeconds(1));
        assertThat(client.received()).singleElement().matches(FromRadio::hasQueueStatus);
        client.wantsConfig(2);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.texts()).containsExactly("kept");
    }

    @Test
    void a_restart_is_announced_and_forgets_the_session() {
        Bench bench = Bench.of(SimulatedNode.builder().nodes(1));
        Bench.Client client = bench.plug();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        client.forget();
        bench.node.reboot();
        bench.host.advance(Duration.ofSeconds(6));
        bench.node.peers().get(0).says("nobody asked");
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.received()).singleElement().matches(FromRadio::getRebooted);
        assertThat(client.end).isEqualTo("none");
    }

    @Test
    void after_fifteen_silent_minutes_only_heartbeats_are_answered_until_the_client_asks_again() {
        Bench bench = Bench.of(quiet());
        Bench.Client client = bench.plug();
        client.wantsConfig(1);
        bench.host.advance(Duration.ofMinutes(14));
        bench.node.peers().get(0).says("heard");
        bench.host.advance(Duration.ofMinutes(2));
        assertThat(client.texts()).containsExactly("heard");
        client.forget();
        bench.node.peers().get(0).says("kept");
        client.beats(0);
        bench.host.advance(Duration.ofSeconds(1));
        assertThat(client.received()).singleElement().matches(FromRadio::hasQueueStatus);
        client.wantsConfig(2);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.texts()).containsExactly("kept");
        assertThat(client.end).isEqualTo("none");
    }

    @Test
    void without_a_limit_it_never_falls_silent() {
        Bench bench = Bench.of(quiet().with(Switch.SERIAL_TIMEOUT, Duration.ZERO));
        Bench.Client client = bench.plug();
        client.wantsConfig(1);
        bench.host.advance(Duration.ofHours(5));
        bench.node.peers().get(0).says("heard");
        bench.host.advance(Bench.MOMENT);

        assertThat(client.texts()).containsExactly("heard");
    }

    @Test
    void a_goodbye_silences_it_and_the_port_stays() {
        Bench bench = Bench.of(quiet());
        Bench.Client client = bench.plug();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        client.forget();
        client.disconnects();
        bench.host.advance(Bench.MOMENT);
        bench.node.peers().get(0).says("kept");
        bench.host.advance(Duration.ofSeconds(1));
        assertThat(client.received()).isEmpty();
        client.wantsConfig(2);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.texts()).containsExactly("kept");
        assertThat(client.end).isEqualTo("none");
    }

    @Test
    void it_remembers_packet_ids_across_goodbyes_and_cables() {
        Bench bench = Bench.of(quiet());
        Bench.Client client = bench.plug();
        client.sent(Bench.broadcast(5, "once"));
        client.disconnects();
        client.leaves();
        Bench.Client again = bench.plug();
        bench.host.advance(Duration.ofMinutes(1));
        again.sent(Bench.broadcast(5, "once"));

        assertThat(bench.node.sent()).hasSize(1);
        assertThat(bench.node.silentDrops().repeatedIds()).isEqualTo(1);
    }

    @Test
    void after_a_goodbye_nothing_comes_too_soon() {
        Bench bench = Bench.of(quiet());
        Bench.Client client = bench.plug();
        client.wantsConfig(1);
        client.sent(Bench.broadcast(5, "before"));
        client.disconnects();
        client.wantsConfig(2);
        client.sent(Bench.broadcast(6, "after"));
        client.sent(Bench.broadcast(7, "too soon"));

        assertThat(bench.node.sent()).hasSize(2);
        assertThat(bench.node.silentDrops().rateLimited()).isEqualTo(1);
    }

    @Test
    void a_pulled_cable_leaves_the_session_as_it_is() {
        Bench bench = Bench.of(quiet());
        Bench.Client client = bench.plug();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        client.leaves();
        assertThat(client.end).isEqualTo("FIN");
        bench.node.peers().get(0).says("said to nobody");
        bench.host.advance(Bench.MOMENT);
        Bench.Client again = bench.plug();
        bench.node.peers().get(0).says("heard at once");
        bench.host.advance(Bench.MOMENT);

        assertThat(again.texts()).containsExactly("heard at once");
    }

    @Test
    void one_console_has_one_cable() {
        Bench bench = Bench.of(quiet());
        bench.plug();

        assertThatThrownBy(bench::plug)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Close that one first");
    }

    @Test
    void log_lines_come_between_the_frames_of_a_board_on_usb() {
        Bench bench = Bench.of(SimulatedNode.builder().variant(Variant.serialConsole()));
        Bench.Client client = bench.turnOn();
        client.forget();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received()).hasSize(45);
        assertThat(text(client).split("\\[SerialConsole] FromRadio", -1)).hasSize(46);
    }

    @Test
    void on_some_boards_they_come_inside_of_frames() {
        Bench bench = Bench.of(quiet().with(Switch.LOG_TEXT, true).with(Switch.LOG_INSIDE_FRAMES, true));
        Bench.Client client = bench.plug();
        client.toleratesRubbish = true;
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received()).hasSizeLessThan(30);
        assertThat(text(client).split("\\[SerialConsole] FromRadio", -1)).hasSize(47);
    }

    @Test
    void with_the_log_api_on_they_are_frames_of_their_own() {
        Bench bench = Bench.of(SimulatedNode.builder().variant(Variant.serialConsole()));
        Bench.Client client = bench.turnOn();
        client.sent(bench.setsSecurity(security -> security.setDebugLogApiEnabled(true)));
        bench.host.advance(Duration.ofMinutes(1));
        client.forget();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received()).filteredOn(FromRadio::hasLogRecord).hasSizeBetween(44, 50);
        assertThat(text(client)).doesNotContain("| ");
    }

    @Test
    void firmware_2_8_keeps_its_log_frames_back_during_the_handshake() {
        Bench bench = Bench.of(
                SimulatedNode.builder().variant(Variant.serialConsole()).firmware(FirmwareProfile.V2_8));
        Bench.Client client = bench.turnOn();
        client.sent(bench.setsSecurity(security -> security.setDebugLogApiEnabled(true)));
        bench.host.advance(Duration.ofMinutes(1));
        client.forget();
        client.wantsConfig(1);
        bench.host.advance(Bench.MOMENT);
        client.beats(0);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received()).filteredOn(FromRadio::hasLogRecord).hasSizeBetween(1, 10);
    }

    @Test
    void a_console_that_is_switched_off_ignores_frames() {
        Bench bench = Bench.of(quiet());
        Bench.Client network = bench.ready();
        network.sent(bench.setsSecurity(security -> security.setSerialEnabled(false)));
        bench.host.advance(Duration.ofMinutes(1));
        Bench.Client client = bench.plug();
        client.beats(0);
        client.wantsConfig(1);
        bench.host.advance(Duration.ofSeconds(1));

        assertThat(client.bytes()).isEmpty();
    }

    @Test
    void a_client_that_does_not_read_holds_up_nobody_else() {
        Bench bench = Bench.of(quiet());
        Bench.Client network = bench.ready();
        Bench.Client client = bench.plug();
        client.room = 100;
        client.wantsConfig(1);
        bench.host.advance(Duration.ofMinutes(1));
        network.beats(0);
        bench.node.peers().get(0).says("to whom it may concern");
        bench.host.advance(Duration.ofMinutes(1));
        assertThat(network.texts()).hasSize(1);
        assertThat(network.statuses()).hasSize(1);
        client.reads(10_000);
        bench.host.advance(Bench.MOMENT);

        assertThat(client.received()).last().matches(FromRadio::hasConfigCompleteId);
    }
}
