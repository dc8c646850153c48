package dev.meshlease.examples.meshbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MeshbotOnNamedNodeIT {
    @TempDir
    Path directory;

    private Meshbot run(String... words) throws InterruptedException {
        return Meshbot.run(directory, words);
    }

    @Test
    void transmits_nothing_on_a_named_node_unless_told_to() throws InterruptedException {
        try (SimulatedNode node = SimulatedNode.builder().nodes(2).start()) {
            Meshbot bot =
                    run("--node", node.endpoint().toString(), "--seconds", "3").succeeded();

            assertThat(node.accepted()).isEqualTo(1);
            assertThat(node.sent()).isEmpty();
            assertThat(bot.out())
                    .contains("node-query  firmware of " + node.id() + ": 2.7.26")
                    .contains("sends nothing without --send")
                    .contains("connections made: 1, ")
                    .contains("a fifth component's own connection: refused");
        }
    }

    @Test
    void transmits_one_text_at_once_on_a_named_node_if_told_to() throws InterruptedException {
        try (SimulatedNode node = SimulatedNode.builder().nodes(2).start()) {
            run("--node", node.endpoint().toString(), "--send", "--seconds", "3")
                    .succeeded();

            assertThat(node.sent()).hasSize(1);
        }
    }

    @Test
    @Timeout(60)
    void a_second_one_on_the_same_node_ends_with_the_pid_of_the_first() throws IOException, InterruptedException {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            Process first = Meshbot.command("--node", node.endpoint().toString(), "--seconds", "86400")
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader out = first.inputReader()) {
                assertThat(out.lines().anyMatch(line -> line.contains("refused:")))
                        .isTrue();

                String respelled = node.endpoint().toString().replace("127.0.0.1", "localhost");
                assertThat(run("--node", respelled, "--seconds", "3").failed().err())
                        .contains("is already linked", "held by: echo, node-query, sender, monitor")
                        .contains("process: " + first.pid() + " (meshbot.jar)");
                assertThat(node.accepted()).isEqualTo(1);
                assertThat(node.evictions()).isZero();
            } finally {
                first.destroyForcibly().waitFor();
            }
            run("--node", node.endpoint().toString(), "--seconds", "3").succeeded();
        }
    }

    @Test
    @Timeout(60)
    void a_signal_ends_it_in_order() throws IOException, InterruptedException {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            Process bot = Meshbot.command("--node", node.endpoint().toString(), "--seconds", "86400")
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader out = bot.inputReader()) {
                assertThat(out.lines().anyMatch(line -> line.contains("refused:")))
                        .isTrue();
                assumeThat(bot.supportsNormalTermination()).isTrue();
                bot.toHandle().destroy(); // destroy() of the process would close the stream as well

                assertThat(out.lines()).anyMatch(line -> line.contains("the run went as it should"));
                assertThat(bot.waitFor()).isNotZero();
            } finally {
                bot.destroyForcibly();
            }
        }
    }

    @Test
    void an_unknown_scheme_ends_in_one_line_that_names_the_known_ones() throws InterruptedException {
        assertThat(run("--node", "http://127.0.0.1").failed().err()).contains("http", "tcp");
    }

    @Test
    void a_refused_port_ends_in_one_line_with_the_cause() throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        Meshbot bot = run("--node", "tcp://127.0.0.1:" + port, "--seconds", "2").failed();

        assertThat(bot.err()).contains("no link in time", "127.0.0.1:" + port, "REFUSED");
    }

    @Test
    void a_web_server_that_answers_ends_in_one_line_with_the_cause() throws IOException, InterruptedException {
        byte[] answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread web = new Thread(() -> answerEach(server, answer), "web-server");
            web.start();

            Meshbot bot = run("--node", "tcp://127.0.0.1:" + server.getLocalPort(), "--seconds", "2");

            assertThat(bot.failed().err()).contains("no link in time", "PROTOCOL_ERROR", "HTTP/1.1 400");
        }
    }

    private static void answerEach(ServerSocket server, byte[] answer) {
        try {
            while (true) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write(answer);
                }
            }
        } catch (IOException closed) {
            assertThat(server.isClosed()).isTrue();
        }
    }

    @Test
    void a_port_that_stays_silent_ends_in_one_line_that_doubts_the_node() throws IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Meshbot bot = run("--node", "tcp://127.0.0.1:" + silent.getLocalPort(), "--seconds", "2");

            assertThat(bot.failed().err()).contains("HANDSHAKING", "is that a Meshtastic node?");
        }
    }

    @Test
    void a_link_that_is_taken_ends_in_one_line_that_names_holder_and_process() {
        try (SimulatedNode node = SimulatedNode.builder().start();
                LinkRegistry links = LinkRegistry.create();
                Lease gateway = links.acquire(node.endpoint(), "gateway")) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();

            int status = Main.run(
                    List.of("--node", node.endpoint().toString(), "--seconds", "5"),
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8));

            assertThat(status).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .hasLineCount(1)
                    .startsWith("meshbot: " + node.endpoint() + " is already linked")
                    .contains(
                            "held by: " + gateway.holder(),
                            "process: " + ProcessHandle.current().pid());
        }
    }
}
