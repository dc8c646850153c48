package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
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
    private final LogText log = new LogText();

    @AfterEach
    void nothing_went_wrong_on_the_nodes_thread() {
        log.close();
        assertThat(log.lines("ERROR")).as("log, seed %d", seed).isEmpty();
    }

    private SimulatedNodeBuilder builder() {
        return SimulatedNode.builder()
                .nodes(2)
                .with(Switch.SIMULATED_RADIO, random.nextBoolean())
                .with(Switch.BACKLOG, 100) // a kernel lets whoever finds it full wait for a second
                .with(Switch.ACCEPT_POLL, Duration.ofMillis(1))
                .with(Switch.IDLE_POLL, Duration.ofMillis(1))
                .with(Switch.ACTIVE_POLL, Duration.ofMillis(1))
                .with(Switch.WRITE_WAIT, Duration.ofMillis(1))
                .with(Switch.REBOOT_TIME, Duration.ZERO);
    }

    private byte[] words(SimulatedNode node) {
        return new AnyStream(random, node.id().number(), PEER).anything();
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
        Endings endings = Endings.of(node);
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
        } catch (IOException met) {
            endings.forgive(met, Endings.ANY);
            restartIfOff(node, endings);
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

    private static void restartIfOff(SimulatedNode node, Endings endings) {
        if (endings.isOff()) {
            node.reboot();
        }
    }

    /** The first tries may meet a node that is off, or one that a client has told to restart about now. */
    private void serves(SimulatedNode node) {
        for (int i = 0; i < MOST_TRIES; i++) {
            Endings endings = Endings.of(node);
            try (TcpClient client = TcpClient.of(node.endpoint())) {
                client.handshake(77);
                return;
            } catch (IOException met) {
                endings.forgive(met, Endings.RESTART);
                restartIfOff(node, endings);
            }
        }
        throw new AssertionError("no handshake, seed " + seed);
    }

    @Test
    void over_serial_cables_the_node_serves_others_and_keeps_no_thread() throws Exception {
        try (SimulatedNode node = builder().variant(Variant.serialConsole()).start()) {
            for (int i = 0; i < STREAMS; i++) {
                PipedInputStream fromClient = new PipedInputStream();
                PipedOutputStream toNode = new PipedOutputStream(fromClient);
                PipedInputStream fromNode = new PipedInputStream();
                PipedOutputStream toClient = new PipedOutputStream(fromNode);
                try (SerialCable cable = node.attachSerial(fromClient, toClient)) {
                    for (int j = random.nextInt(8); j >= 0; j--) {
                        toNode.write(words(node));
                        fromNode.skipNBytes(random.nextInt(fromNode.available() + 1));
                    }
                    assertThat(cable.isPlugged()).isTrue();
                }
                if (i % 10 == 0) {
                    serves(node);
                }
            }
            serves(node);
            assertThat(Thread.getAllStackTraces().keySet())
                    .as("seed %d", seed)
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("meshlease-simulator-serial"));
        }
    }
}
