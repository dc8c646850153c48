package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.ForeignConnection;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkStatus;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Newcomer;
import dev.meshlease.testkit.node.Switch;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody opens a plain socket to the node, past the library. */
@Timeout(value = 3, unit = TimeUnit.MINUTES) // A child is read from, which knows no time limit.
class BypassIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream err = System.err;
    private final TcpWorld world = new TcpWorld();

    @BeforeEach
    void listen() {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "only Linux shows who is connected");
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() {
        System.setErr(err);
    }

    private String logged() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private static int port(SimulatedNode node) {
        return URI.create(node.endpoint().toString()).getPort();
    }

    private static boolean isFound(Lease lease) {
        return !lease.status().foreign().seen().isEmpty();
    }

    @Test
    void the_program_that_displaces_the_link_is_named_in_status_log_and_exception_until_it_is_gone() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder().start();
                LinkRegistry links = LinkRegistry.create()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(PATIENCE);
            String process;
            try (RivalProgram rival = RivalProgram.start(port(node))) {
                int port = rival.awaitConnected();
                world.eventually("the rival is found", () -> isFound(bot));

                LinkStatus status = bot.status();
                ForeignConnection found = status.foreign().seen().get(0);
                process = "process " + rival.pid() + " (java " + RivalProgram.class.getName() + " " + port(node)
                        + " --password=***)";
                assertThat(found.process()).isEqualTo(process);
                assertThat(found.pid()).hasValue(rival.pid());
                assertThat(found.local()).isEqualTo("127.0.0.1:" + port);
                assertThat(found.remote()).isEqualTo("127.0.0.1:" + port(node));
                assertThat(status.foreign().seen()).hasSize(1);
                assertThat(status.toString()).contains(process);
                assertThat(status.losses()).isNotEmpty();
                assertThat(links.describe()).contains("\n  foreign   " + process);
                assertThat(logged()).containsOnlyOnce(process + " is connected to this node past the library");

                DuplicateLinkException refused = catchThrowableOfType(
                        DuplicateLinkException.class,
                        () -> links.open(world.respelled(node), links.defaults())
                                .close());
                assertThat(refused).hasMessageContaining("\n  foreign: " + process + " from 127.0.0.1:" + port);
                assertThat(refused.foreign()).extracting(ForeignConnection::pid).containsExactly(found.pid());
            }
            world.eventually("the rival is gone", () -> !isFound(bot));
            assertThat(logged()).contains(process + " is no longer connected to this node");
            bot.ready().await(PATIENCE);
        }
    }

    /** Such a node serves the first and lets others wait. */
    @Test
    void an_audit_finds_a_program_that_does_not_displace_the_link_and_says_when_it_is_gone() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder()
                        .with(Switch.NEWCOMER, Newcomer.STARVES)
                        .start();
                LinkRegistry links =
                        LinkRegistry.builder().audit(Duration.ofSeconds(1)).build()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(PATIENCE);
            world.eventually(
                    "it has looked", () -> bot.status().foreign().lookedAt().isPresent());
            assertThat(bot.status().foreign().seen()).isEmpty();
            try (RivalProgram rival = RivalProgram.start(port(node))) {
                rival.awaitConnected();
                world.eventually("the rival is found", () -> isFound(bot));
                assertThat(bot.status().foreign().seen())
                        .singleElement()
                        .satisfies(found -> assertThat(found.pid()).hasValue(rival.pid()));
            }
            world.eventually("the rival is gone", () -> !isFound(bot));
            assertThat(bot.status().isReady()).isTrue();
            assertThat(bot.status().losses()).isEmpty();
            assertThat(logged()).containsOnlyOnce("is connected to this node past the library");
            assertThat(logged()).containsOnlyOnce("is no longer connected to this node");
        }
    }

    @Test
    void other_code_of_this_program_that_displaces_the_link_is_told_apart_from_the_link() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder().start();
                LinkRegistry links = LinkRegistry.create()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(PATIENCE);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(node))) {
                world.eventually("it is found", () -> isFound(bot));
                ForeignConnection found = bot.status().foreign().seen().get(0);
                assertThat(found.isThisProgram()).isTrue();
                assertThat(found.local()).isEqualTo("127.0.0.1:" + socket.getLocalPort());
                assertThat(logged())
                        .containsOnlyOnce("this program itself (process "
                                + ProcessHandle.current().pid() + ") is connected to this node past the library");
            }
        }
    }
}
