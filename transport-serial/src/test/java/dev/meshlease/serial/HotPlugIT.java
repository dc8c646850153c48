package dev.meshlease.serial;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LossCause;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.Watch;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.testkit.SerialCable;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases at a simulated node behind a pseudo-terminal that is unplugged and plugged in again. */
@Timeout(120)
class HotPlugIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Pty pty;
    private SimulatedNode node;
    private SerialCable cable;
    private LinkRegistry links;

    @BeforeEach
    void start() throws IOException {
        pty = Pty.plugIn(folder.resolve("port"));
        node = SimulatedNode.builder().variant(Variant.serialConsole()).nodes(3).start();
        attach();
        ReconnectPolicy quick =
                new ReconnectPolicy(Duration.ofMillis(100), Duration.ofMillis(500), 0, Duration.ofSeconds(30));
        links = LinkRegistry.builder()
                .defaults(LinkOptions.builder().reconnect(quick).build())
                .build();
    }

    private void attach() {
        cable = node.attachSerial(pty.fromClient(), pty.toClient());
    }

    @AfterEach
    void end() throws Exception {
        if (links != null) {
            links.close();
        }
        if (node != null) {
            node.close();
        }
        if (pty != null) {
            pty.close();
        }
    }

    @Test
    void leases_outlive_an_unplugged_device_that_comes_back_under_another_name() throws Exception {
        Endpoint endpoint = new Endpoint("serial", pty.address());
        Lease bot = links.acquire(endpoint, "bot");
        Lease monitor = links.acquire("serial:" + pty.device(), "monitor");
        assertThat(links.links()).as("two names of one port").hasSize(1);
        Inbox inbox = bot.inbox(texts());
        bot.ready().await(PATIENCE);
        node.peers().get(0).says("before");
        assertThat(((InboundPacket) inbox.take(PATIENCE)).text()).isEqualTo("before");

        pty.unplug();
        Eventually.holds(
                "seen",
                () -> bot.status().losses().stream().anyMatch(loss -> loss.cause() == LossCause.NO_SUCH_DEVICE));
        assertThat(bot.status().losses().get(0).cause()).isEqualTo(LossCause.DEVICE);
        assertThat(bot.status().losses().get(0).evidence()).contains("was lost");
        Eventually.holds("unplugged", () -> !cable.isPlugged());
        cable.close();
        pty.plugInUnderAnotherName();
        attach();
        Eventually.holds("back", () -> bot.status().state() == LinkState.READY);
        assertThat(monitor.status().state()).isEqualTo(LinkState.READY);
        node.peers().get(0).says("after");
        assertThat(inbox.take(PATIENCE)).isInstanceOf(Gap.class);
        assertThat(((InboundPacket) inbox.take(PATIENCE)).text()).isEqualTo("after");
    }

    /** However long it has been away, and whatever the policy says. */
    @Test
    void a_device_that_is_plugged_in_again_is_back_long_before_the_next_attempt_is_due() throws Exception {
        links.close();
        links = LinkRegistry.create();
        Lease bot = links.acquire(new Endpoint("serial", pty.address()), "bot");
        bot.ready().await(PATIENCE);
        pty.unplug();
        Eventually.holds("unplugged", () -> !cable.isPlugged());
        cable.close();
        Eventually.holds("away for long", () -> missed(bot) == 4 && bot.status().state() == LinkState.BACKING_OFF);
        Instant due = bot.status().nextAttempt().orElseThrow();
        assertThat(Duration.between(Instant.now(), due)).isGreaterThan(Duration.ofSeconds(5));
        pty.plugIn();
        attach();
        Eventually.holds("back", () -> bot.status().state() == LinkState.READY);
        assertThat(bot.status().since()).isBefore(due);
        assertThat(missed(bot)).as("nothing but that was tried").isEqualTo(4);
    }

    private static long missed(Lease lease) {
        return lease.status().losses().stream()
                .filter(loss -> loss.cause() == LossCause.NO_SUCH_DEVICE)
                .count();
    }

    @Test
    void what_the_console_prints_between_frames_is_told_to_who_watches_the_devices_log() throws Exception {
        Lease bot = links.acquire(new Endpoint("serial", pty.address()), "bot");
        List<LogRecord> log = new CopyOnWriteArrayList<>();
        bot.watch(Watch.deviceLog(), log::add);
        bot.ready().await(PATIENCE);
        node.peers().get(0).says("hello");
        Eventually.holds("logged", () -> log.stream().anyMatch(line -> line.getLevel() != LogRecord.Level.UNSET));
        assertThat(bot.status().state()).isEqualTo(LinkState.READY);
    }
}
