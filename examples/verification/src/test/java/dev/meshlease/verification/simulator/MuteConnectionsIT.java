package dev.meshlease.verification.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.testkit.SimulatedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The account of all simulated nodes of all modules' tests: no client came only to see whether the node was there. Each build writes
 * {@code target/mute-connections} of each module anew; this module is the last.
 */
class MuteConnectionsIT {
    /** Whose clients are mute on purpose, to see what the simulator makes of them, by who has made the node. */
    private static final List<String> EXCUSED = List.of(
            MuteConnectionsIT.class.getName(),
            "dev.meshlease.testkit.AnyBytesIT.",
            "dev.meshlease.testkit.Bench.",
            "dev.meshlease.testkit.MemoryServerTest.",
            "dev.meshlease.testkit.MuteClientsTest.",
            "dev.meshlease.testkit.TcpFaceIT.",
            // Rivals that say nothing, to be found by the look for strangers.
            "dev.meshlease.tcp.BypassIT.",
            "dev.meshlease.testkit.BypassTest.",
            // Links that are closed while they open their port: of a port that is closed again its bridge makes a
            // connection.
            "dev.meshlease.serial.PtyWorld.start < dev.meshlease.testkit.contract.SharingContract.",
            "dev.meshlease.serial.PortThreadsIT.",
            // Devices that are unplugged at any moment, also before the first word.
            "dev.meshlease.testkit.ComebackTest.",
            // Links that lose their claim at any moment, also while they connect: they let go at once.
            "dev.meshlease.testkit.ClaimLossTest.",
            // Transports that swallow what a link says.
            "dev.meshlease.testkit.BoundedCloseTest.",
            // Samples of clients for the JUnit extension to judge.
            "dev.meshlease.testkit.junit.JudgementTest.",
            "dev.meshlease.testkit.junit.SimulatedExtensionTest.");

    @Test
    void there_was_none_in_any_module() {
        assertThat(accounts().flatMap(MuteConnectionsIT::unexcused)).isEmpty();
    }

    @Test
    void one_that_is_made_is_found_and_accounted_for() throws IOException {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            try (Socket probe = new Socket()) {
                probe.connect(address(node));
            }
            assertThat(node.await(its -> its.muteConnections() == 1, Duration.ofSeconds(10)))
                    .isTrue();
        }
        assertThat(Path.of(System.getProperty("meshlease.testkit.mute")))
                .content()
                .contains(MuteConnectionsIT.class.getName() + ".one_that_is_made_is_found_and_accounted_for");
    }

    private static InetSocketAddress address(SimulatedNode node) {
        String[] parts = node.endpoint().address().split(":");
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    private static Stream<String> unexcused(Path account) {
        try {
            return Files.readAllLines(account).stream()
                    .filter(line -> EXCUSED.stream().noneMatch(line::contains))
                    .map(line -> account + ": " + line);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Stream<Path> accounts() {
        Path examples = Path.of("").toAbsolutePath().getParent();
        return Stream.of(examples.getParent(), examples)
                .flatMap(MuteConnectionsIT::list)
                .map(module -> module.resolve("target/mute-connections"))
                .filter(Files::isDirectory)
                .flatMap(MuteConnectionsIT::list);
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList().stream();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
