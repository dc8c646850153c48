package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryStage;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.LossCause;
import dev.meshlease.Watch;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The library's link at the serial console of a board. */
class ConsoleLinkTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final LinkRegistry links = environment.registry();
    private final List<LinkState> states = new ArrayList<>();
    private SimulatedNode node;
    private Lease bot;
    private Inbox inbox;

    private static SimulatedNodeBuilder board() {
        return SimulatedNode.builder().variant(Variant.serialConsole()).nodes(3).with(Switch.OWN_TELEMETRY, false);
    }

    /** A board that restarts without a word behind its USB bridge. */
    private static SimulatedNodeBuilder silentBoard() {
        return board().with(Switch.BOOT_TEXT, false).with(Switch.REBOOT_ANNOUNCED, false);
    }

    private void connect(SimulatedNodeBuilder builder) {
        node = builder.start(environment);
        bot = links.acquire(node.consoleEndpoint(), "bot");
        bot.watch(Watch.status(), (LinkStatus status) -> states.add(status.state()));
        inbox = bot.inbox(texts());
        bot.ready().await(Duration.ofSeconds(30));
        environment.advance(Duration.ofSeconds(1));
        states.clear();
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private LinkLoss onlyLoss() {
        assertThat(bot.status().losses()).hasSize(1);
        return bot.status().losses().get(0);
    }

    private void assertStartedOver() {
        assertThat(states).as("over the same port").containsExactly(LinkState.HANDSHAKING, LinkState.READY);
        assertThat(bot.status().generation()).isEqualTo(2);
        node.peers().get(0).says("heard");
        environment.advance(Duration.ofSeconds(2));
        assertThat(drain())
                .satisfiesExactly(
                        gap -> assertThat(gap)
                                .isInstanceOfSatisfying(
                                        Gap.class, it -> assertThat(it.reason()).isEqualTo(Gap.Reason.LINK_DOWN)),
                        text -> assertThat(text)
                                .isInstanceOfSatisfying(
                                        InboundPacket.class,
                                        it -> assertThat(it.text()).isEqualTo("heard")));
    }

    private List<Arrival> drain() {
        List<Arrival> all = new ArrayList<>();
        for (Arrival next = inbox.poll(); next != null; next = inbox.poll()) {
            all.add(next);
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void a_board_that_prints_when_it_starts_is_asked_anew_once_it_is_up(FirmwareProfile firmware) {
        connect(board().firmware(firmware));
        node.reboot();
        environment.advance(Duration.ofSeconds(10));

        assertThat(onlyLoss().cause()).isEqualTo(LossCause.REBOOTED);
        assertThat(onlyLoss().evidence()).contains("ESP-ROM:esp32s3");
        assertStartedOver();
    }

    @Test
    void a_silent_restart_leaves_a_mute_console_which_is_found_within_two_minutes_and_a_half() {
        connect(silentBoard());
        node.reboot();
        environment.advance(Duration.ofMinutes(2));
        assertThat(bot.status().isReady()).as("heartbeats are answered").isTrue();
        environment.advance(Duration.ofSeconds(30));

        assertThat(onlyLoss().cause()).isEqualTo(LossCause.REBOOTED);
        assertThat(onlyLoss().evidence()).contains("its count of restarts went from 0 to 1", "mute");
        assertStartedOver();
    }

    /** Without log text not a byte comes from old firmware, which answers no heartbeats. */
    @Test
    void with_old_firmware_it_is_found_by_the_question_that_takes_the_place_of_heartbeats() {
        connect(silentBoard().firmware(FirmwareProfile.V2_6).with(Switch.LOG_TEXT, false));
        environment.advance(Duration.ofMinutes(1));
        node.reboot();
        environment.advance(Duration.ofSeconds(46));

        assertThat(onlyLoss().cause()).isEqualTo(LossCause.REBOOTED);
        assertThat(onlyLoss().evidence()).contains("a question stayed unanswered");
        assertStartedOver();
    }

    @Test
    void a_console_that_forgot_its_client_is_asked_anew() {
        connect(silentBoard().with(Switch.SERIAL_TIMEOUT, Duration.ofSeconds(20)));
        environment.advance(Duration.ofSeconds(135));

        assertThat(onlyLoss().cause()).isEqualTo(LossCause.DEAD);
        assertStartedOver();
    }

    @Test
    void what_the_mute_console_kept_comes_after_the_gap() {
        connect(silentBoard());
        node.reboot();
        environment.advance(Duration.ofSeconds(20));
        node.peers().get(0).says("kept");
        environment.advance(Duration.ofMinutes(3));

        assertThat(drain())
                .extracting(arrival -> arrival instanceof InboundPacket packet ? packet.text() : "gap")
                .containsExactly("gap", "kept");
    }

    @Test
    void opening_the_port_may_restart_the_board() {
        connect(board().with(Switch.RESET_ON_OPEN, true));
        environment.advance(Duration.ofMinutes(10));

        assertThat(bot.status().isReady()).isTrue();
        assertThat(bot.status().losses()).as("%s", environment).isEmpty();
    }

    @Test
    void a_silent_restart_by_opening_is_waited_for() {
        connect(silentBoard().with(Switch.RESET_ON_OPEN, true).with(Switch.REBOOT_TIME, Duration.ofSeconds(8)));

        assertThat(bot.status().isReady()).isTrue();
        assertThat(bot.status().losses()).isEmpty();
    }

    @Test
    void a_text_that_the_restart_swallowed_goes_again_under_its_id() {
        connect(board());
        node.reboot();
        Delivery delivery = bot.send(
                OutboundMessage.text("hello").to(node.peers().get(0).id()).wantAck());
        environment.advance(Duration.ofSeconds(30));

        assertThat(delivery.stage()).isEqualTo(DeliveryStage.ACKNOWLEDGED);
        assertThat(node.sent()).extracting(MeshPacket::getId).containsExactly(delivery.packetId());
        assertThat(bot.status().losses()).hasSize(1);
    }

    @Test
    void a_node_that_is_off_is_looked_for_by_opening_the_port() {
        connect(silentBoard().with(Switch.REBOOT_TIME, Duration.ofMinutes(2)));
        node.reboot();
        environment.advance(Duration.ofMinutes(4));

        assertThat(bot.status().losses())
                .extracting(LinkLoss::cause)
                .startsWith(LossCause.REBOOTED, LossCause.TIMED_OUT);
        assertThat(states).contains(LinkState.BACKING_OFF).endsWith(LinkState.READY);
    }
}
