package dev.meshlease.verification.simulator;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.message.Request;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.NaiveClient;
import dev.meshlease.testkit.Recording;
import dev.meshlease.verification.process.Build;
import dev.meshlease.verification.process.Child;
import dev.meshlease.verification.readme.Documents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged {@code simulated-node.jar}, run as the README says. */
class SimulatedNodeJarIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LISTENS =
            Pattern.compile(".* (![0-9a-f]{8}) listens at (tcp://127\\.0\\.0\\.1:\\d+), seed (-?\\d+)");
    private static final AdminMessage EXIT =
            AdminMessage.newBuilder().setExitSimulator(true).build();

    @TempDir
    Path folder;

    private static List<String> command(String... arguments) {
        return Stream.concat(Stream.of("-jar", Build.path("simulated.node").toString()), Stream.of(arguments))
                .toList();
    }

    private Child node(String... arguments) throws IOException {
        return Child.startJava(folder, command(arguments));
    }

    /** Where it listens, which it says first. */
    private static Matcher listening(Child node) throws Exception {
        Matcher line = LISTENS.matcher(node.line());
        assertThat(line.matches()).isTrue();
        return line;
    }

    private static List<String> linesUntil(Child node, String last) throws Exception {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(node.line().replaceFirst("^\\S+ ", ""));
        } while (!lines.get(lines.size() - 1).equals(last));
        return lines;
    }

    private static void send(Lease lease, AdminMessage order) {
        lease.send(OutboundMessage.of(PayloadType.ADMIN, order).to(lease.node().id()));
    }

    @Test
    void stands_in_for_the_daemon_until_a_client_ends_the_simulation() throws Exception {
        try (Child node = node("-s", "-h", "0x12345678", "-p", "0");
                LinkRegistry links = LinkRegistry.create()) {
            Matcher started = listening(node);
            assertThat(started.group(1)).isEqualTo("!12345678");

            Lease bot = links.acquire(started.group(2), "bot");
            assertThat(bot.ready().await(PATIENCE).id()).isEqualTo(NodeId.of("!12345678"));
            send(bot, EXIT);

            Child.Outcome outcome = node.end();
            assertThat(outcome.status()).as(outcome.errors()).isZero();
            assertThat(outcome.errors()).isEmpty();
            assertThat(outcome.output()).last().asString().endsWith("a client has ended the simulation");
        }
    }

    @Test
    void tells_of_connections_and_evictions() throws Exception {
        try (Child node = node("-p", "0");
                LinkRegistry links = LinkRegistry.create()) {
            String endpoint = listening(node).group(2);
            links.acquire(endpoint, "bot").ready().await(PATIENCE);
            assertThat(linesUntil(node, "A is configured")).containsExactly("A connects", "A is configured");

            try (NaiveClient rival = NaiveClient.start(Endpoint.of(endpoint))) {
                assertThat(linesUntil(node, "A is closed by the node"))
                        .containsExactly("B connects", "B evicts A", "A is closed by the node");
            }
            node.terminate();
            Child.Outcome outcome = node.end();
            assertThat(outcome.errors()).isEmpty();
            assertThat(outcome.output())
                    .anySatisfy(line -> assertThat(line).endsWith(" the process has been told to end"));
        }
    }

    @Test
    void its_peers_talk_and_what_is_said_can_be_recorded_and_replayed() throws Exception {
        Path file = folder.resolve("talk.jsonl");
        try (Child node = node("-p", "0", "--nodes", "3", "--traffic", "20/s", "--record", file.toString());
                LinkRegistry links = LinkRegistry.create()) {
            Lease bot = links.acquire(listening(node).group(2), "bot");
            Inbox heard = bot.inbox(texts());
            assertThat(((InboundPacket) heard.take(PATIENCE)).text()).startsWith("message ");
            node.terminate();
            assertThat(node.end().errors()).isEmpty();
        }
        Recording recording = Recording.read(file);
        assertThat(recording.scenario()).isEqualTo("talk");
        assertThat(recording.packets()).isNotEmpty();

        try (Child node = node("-p", "0", "--replay", file.toString());
                LinkRegistry links = LinkRegistry.create()) {
            Matcher started = listening(node);
            assertThat(started.group(1)).isEqualTo(recording.node().toString());
            Inbox heard = links.acquire(started.group(2), "bot").inbox(texts());
            assertThat(((InboundPacket) heard.take(PATIENCE)).text()).startsWith("message ");
        }
    }

    @Test
    void something_goes_wrong_as_often_as_was_said() throws Exception {
        try (Child node = node("-p", "0", "--seed", "5", "--fault", "reset:at=config_complete,times=1");
                LinkRegistry links = LinkRegistry.create()) {
            Matcher started = listening(node);
            assertThat(started.group(3)).isEqualTo("5");
            links.acquire(started.group(2), "bot").ready().await(PATIENCE);
            assertThat(linesUntil(node, "B is configured"))
                    .contains("reset:at=config_complete,times=1 strikes A", "A is reset by the node");
        }
    }

    @Test
    void keeps_its_state_and_forgets_it_when_told() throws Exception {
        String state = folder.resolve("state").toString();
        try (Child node = node("-p", "0", "-d", state);
                LinkRegistry links = LinkRegistry.create()) {
            Lease bot = links.acquire(listening(node).group(2), "bot");
            bot.ready().await(PATIENCE);
            send(
                    bot,
                    AdminMessage.newBuilder()
                            .setSetOwner(User.newBuilder().setLongName("Kept").setShortName("KEPT"))
                            .build());
            assertThat(bot.request(Request.owner()).await(PATIENCE).getLongName())
                    .isEqualTo("Kept");
            node.terminate();
            node.end();
        }
        assertThat(owner("-d", state)).isEqualTo("Kept");
        assertThat(owner("-d", state, "-e")).isNotEqualTo("Kept");
    }

    private String owner(String... arguments) throws Exception {
        try (Child node = node(Stream.concat(Stream.of("-p", "0"), Stream.of(arguments))
                        .toArray(String[]::new));
                LinkRegistry links = LinkRegistry.create()) {
            Lease bot = links.acquire(listening(node).group(2), "bot");
            bot.ready().await(PATIENCE);
            return bot.request(Request.owner()).await(PATIENCE).getLongName();
        }
    }

    @Test
    void a_busy_port_and_a_wrong_flag_are_told_in_one_line() throws Exception {
        try (Child first = node("-p", "0")) {
            String port = listening(first).group(2).replaceFirst(".*:", "");
            Child.Outcome busy = Child.java(folder, command("-p", port));
            assertThat(busy.status()).isEqualTo(1);
            assertThat(busy.errors().lines())
                    .singleElement()
                    .asString()
                    .startsWith("simulated-node: No simulated node at 127.0.0.1:" + port + ": Address already in use");
        }
        Child.Outcome wrong = Child.java(folder, command("--port", "1"));
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.errors().lines())
                .containsExactly(
                        "simulated-node: '--port' is no option here, even where meshtasticd has it; --help lists them");
        assertThat(wrong.output()).isEmpty();
    }

    @Test
    void helps_with_what_the_documents_show() throws Exception {
        Child.Outcome outcome = Child.java(folder, command("--help"));
        assertThat(outcome.status()).isZero();
        assertThat(Documents.read(Documents.PROJECT.resolve("docs/simulated-node.md")))
                .as("The page with the present output of --help")
                .contains("```text\n" + String.join("\n", outcome.output()) + "\n```\n");
        assertThat(Child.java(folder, command("--version")).output())
                .singleElement()
                .asString()
                .matches("simulated-node \\d.*");
    }
}
