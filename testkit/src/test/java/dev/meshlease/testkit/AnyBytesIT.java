package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What {@link AnyBytesTest} does, on sockets and on streams. */
class AnyBytesIT {
    private static final int STREAMS = 300;
    private static final int PEER = 0x0c0ffee0;
    private static final int MOST_TRIES = 5;
    /** Sockets and files that the JVM itself opens now and then. */
    private static final int OTHERS = 20;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream err = System.err;

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void nothing_went_wrong_on_the_nodes_thread() {
        System.setErr(err);
        assertThat(log.toString(StandardCharsets.UTF_8))
                .as("log, seed %d", seed)
                .doesNotContain("ERROR");
    }

    private SimulatedNodeBuilder builder() {
        return SimulatedNode.builder()
                .nodes(2)
                .with(Switch.SIMULATED_RADIO, random.nextBoolean())
                .with(Switch.ACCEPT_POLL, Duration.ofMillis(1))
                .with(Switch.IDLE_POLL, Duration.ofMillis(1))
                .with(Switch.ACTIVE_POLL, Duration.ofMillis(1))
                .with(Switch.WRITE_WAIT, Duration.ofMillis(1))
                .with(Switch.REBOOT_TIME, Duration.ZERO);
    }

    private byte[] words(SimulatedNode node) {
        AnyMessages messages = new AnyMessages(random, node.id().number(), PEER);
        return random.nextInt(3) == 0 ? messages.bytes(2000) : messages.frame();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void over_tcp_the_node_serves_whoever_comes_next_and_keeps_no_socket() throws IOException {
        try (SimulatedNode node = builder().start()) {
            serves(node);
            long before = openFiles();
            for (int i = 0; i < STREAMS; i++) {
                disturb(node);
                if (i % 10 == 0) {
                    serves(node);
                }
            }
            serves(node);
            node.reboot();
            serves(node);
            assertThat(openFiles()).as("open files, seed %d", seed).isLessThan(before + OTHERS);
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** Some clients at once. The node may end their connections, and be off for them. */
    private void disturb(SimulatedNode node) throws IOException {
        List<TcpClient> clients = new ArrayList<>();
        try {
            for (int i = random.nextInt(3); i >= 0; i--) {
                clients.add(TcpClient.of(node.endpoint()));
            }
            for (int i = random.nextInt(8); i >= 0; i--) {
                TcpClient client = clients.get(random.nextInt(clients.size()));
                byte[] words = words(node);
                int cut = random.nextInt(words.length + 1);
                client.writes(Arrays.copyOf(words, cut));
                client.writes(Arrays.copyOfRange(words, cut, words.length));
                if (random.nextInt(4) == 0) {
                    client.writes(TcpClient.wantsConfig(random.nextInt()));
                }
            }
            leave(clients.get(0));
        } catch (IOException endedByNode) {
            node.reboot(); // it may have been told to go off
        } finally {
            for (TcpClient client : clients) {
                client.close();
            }
        }
    }

    private void leave(TcpClient client) throws IOException {
        switch (random.nextInt(3)) {
            case 0 -> client.socket.setSoLinger(true, 0);
            case 1 -> client.socket.shutdownOutput();
            default -> {}
        }
    }

    /** The first try may meet a node that is off, or one that a client has told to restart about now. */
    private void serves(SimulatedNode node) {
        IOException last = null;
        for (int i = 0; i < MOST_TRIES; i++) {
            try (TcpClient client = TcpClient.of(node.endpoint())) {
                client.handshake(77);
                return;
            } catch (IOException ended) {
                last = ended;
                node.reboot();
            }
        }
        throw new AssertionError("no handshake, seed " + seed, last);
    }

    @Test
    void on_a_serial_cable_the_node_answers_whatever_was_said_before() throws Exception {
        for (int i = 0; i < STREAMS / 10; i++) {
            PipedInputStream fromClient = new PipedInputStream();
            PipedOutputStream toNode = new PipedOutputStream(fromClient);
            PipedInputStream fromNode = new PipedInputStream(1 << 20);
            PipedOutputStream toClient = new PipedOutputStream(fromNode);
            try (SimulatedNode node = builder().variant(Variant.serialConsole()).start(fromClient, toClient)) {
                for (int j = 0; j < 10; j++) {
                    toNode.write(words(node));
                }
                toNode.write(new byte[NodeFraming.MAX_PAYLOAD]); // the end of whatever has begun
                toNode.flush();
                node.reboot();
                SerialCableIT.handshake(fromNode, toNode, new NodeFraming(), 77);
            }
        }
    }
}
