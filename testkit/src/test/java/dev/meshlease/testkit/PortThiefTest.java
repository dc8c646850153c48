package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.ForeignConnection;
import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LossCause;
import dev.meshlease.spi.Stranger;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody else reads at the serial port of a node, past the library, on a machine that shows it. */
class PortThiefTest {
    private static final Stranger CAT = thief(4711, "cat");

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final Watched machine = new Watched(environment);
    private LinkRegistry links;
    private SimulatedNode node;
    private Lease bot;

    private static Stranger thief(long pid, String program) {
        return new Stranger(OptionalLong.of(pid), OptionalLong.of(1000), program, "", "/dev/ttyUSB0");
    }

    private static SimulatedNodeBuilder board() {
        return SimulatedNode.builder().variant(Variant.serialConsole()).nodes(3).with(Switch.OWN_TELEMETRY, false);
    }

    private void connect(SimulatedNodeBuilder builder) {
        node = builder.start(environment);
        links = LinkRegistry.builder()
                .environment(environment)
                .transport(machine)
                .withoutMachineClaims()
                .build();
        bot = links.acquire(node.consoleEndpoint(), "bot");
        bot.ready().await(Duration.ofSeconds(30));
        assertThat(machine.lookedMillis).isEmpty();
    }

    /** Its next session begins over the same port. */
    private void becomesMute() {
        environment.advance(Duration.ofSeconds(135));
        assertThat(bot.status().lastLoss().orElseThrow().cause()).isEqualTo(LossCause.DEAD);
        assertThat(bot.status().isReady()).isTrue();
    }

    private static SimulatedNodeBuilder forgetful() {
        return board().with(Switch.SERIAL_TIMEOUT, Duration.ofSeconds(20))
                .with(Switch.BOOT_TEXT, false)
                .with(Switch.REBOOT_ANNOUNCED, false);
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    @Test
    void is_named_in_words_that_are_true_of_a_port_when_a_session_has_died() {
        connect(forgetful());
        machine.strangers.add(CAT);
        try (LogText log = new LogText()) {
            becomesMute();
            assertThat(log.lines("WARN"))
                    .singleElement()
                    .asString()
                    .contains(
                            node.consoleEndpoint()
                                    + ": process 4711 (cat) has /dev/ttyUSB0 open past the library. Each of the two takes bytes",
                            "End it, or have it leave this port alone")
                    .doesNotContain("drop each other");
        }
        assertThat(bot.status().foreign().seen()).singleElement().satisfies(found -> {
            assertThat(found.hasDeviceOpen()).isTrue();
            assertThat(found.remote()).isEqualTo("/dev/ttyUSB0");
        });
        assertThat(bot.status().toString()).contains("process 4711 (cat) has /dev/ttyUSB0 open, since 2026-");
        assertThat(links.describe()).contains("\n  foreign   process 4711 (cat) has /dev/ttyUSB0 open, since 2026-");
        assertThatThrownBy(() -> links.open(node.consoleEndpoint(), links.defaults()))
                .isInstanceOfSatisfying(
                        DuplicateLinkException.class,
                        refused -> assertThat(refused.foreign())
                                .extracting(ForeignConnection::hasDeviceOpen)
                                .containsExactly(true))
                .hasMessageContaining("\n  foreign: process 4711 (cat) has /dev/ttyUSB0 open");
    }

    @Test
    void is_told_to_be_gone() {
        connect(forgetful());
        machine.strangers.add(CAT);
        becomesMute();
        machine.strangers.clear();
        try (LogText log = new LogText()) {
            environment.advance(Duration.ofSeconds(11));
            assertThat(bot.status().foreign().seen()).isEmpty();
            assertThat(log.lines("INFO"))
                    .singleElement()
                    .asString()
                    .contains("process 4711 (cat) no longer has /dev/ttyUSB0 open");
        }
    }

    @Test
    void may_be_other_code_of_this_program() {
        connect(forgetful());
        machine.strangers.add(thief(ProcessHandle.current().pid(), "java"));
        try (LogText log = new LogText()) {
            becomesMute();
            assertThat(log.lines("WARN")).singleElement().asString().contains("opens the port itself");
        }
    }

    /** What is left of a node's frames is no protocol. */
    @Test
    void is_looked_for_when_a_handshake_makes_no_sense() {
        connect(board());
        ScriptedServer server = ScriptedServer.at(environment, "stolen");
        server.echoes = false;
        machine.strangers.add(CAT);
        Lease second = links.acquire("sim://stolen", "second");
        environment.advance(Duration.ofMillis(50));
        server.only().says("the second half of a frame");
        environment.advance(Duration.ofSeconds(20));
        assertThat(second.status().losses()).extracting(LinkLoss::cause).startsWith(LossCause.PROTOCOL_ERROR);
        assertThat(second.status().foreign().seen()).hasSize(1);
    }

    @Test
    void is_not_looked_for_when_the_node_has_restarted() {
        connect(board());
        node.reboot();
        environment.advance(Duration.ofSeconds(10));
        assertThat(bot.status().lastLoss().orElseThrow().cause()).isEqualTo(LossCause.REBOOTED);
        assertThat(bot.status().isReady()).isTrue();
        assertThat(machine.lookedMillis).isEmpty();
    }
}
