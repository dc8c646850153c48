package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console behind a pseudo-terminal of socat's making, as a serial port of other programs. */
class PseudoTerminalIT {
    @TempDir
    private Path folder;

    private Process socat;
    private Path port;

    @BeforeEach
    void start() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/socat")))
                .as("socat is installed, to make pseudo-terminals")
                .isTrue();
        port = folder.resolve("port");
        socat = new ProcessBuilder("/usr/bin/socat", "pty,raw,echo=0,link=" + port, "stdio").start();
        while (!Files.exists(port) && socat.isAlive()) {
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void end() throws Exception {
        if (socat != null) {
            socat.destroy();
            assertThat(socat.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_program_that_opens_the_port_talks_to_the_node() throws Exception {
        try (SimulatedNode node =
                        SimulatedNode.builder().nodes(30).start(socat.getInputStream(), socat.getOutputStream());
                FileOutputStream out = new FileOutputStream(port.toFile());
                FileInputStream in = new FileInputStream(port.toFile())) {
            NodeFraming framing = new NodeFraming();
            SerialCableIT.handshake(in, out, framing, 7);
            SerialCableIT.handshake(in, out, framing, 8);
            node.peers().get(0).says("hello");
            assertThat(SerialCableIT.next(in, framing).hasPacket()).isTrue();
            end();
        }
    }

    @Test
    void a_terminal_that_goes_away_unplugs_the_cable() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            SerialCable cable = node.attachSerial(socat.getInputStream(), socat.getOutputStream());
            end();
            while (cable.isPlugged()) {
                Thread.onSpinWait();
            }
            assertThat(node.accepted()).isZero();
        }
    }

    @Test
    void a_terminal_file_can_be_the_cable_itself_and_closing_ends_its_reader() throws IOException {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            SerialCable cable =
                    node.attachSerial(new FileInputStream(port.toFile()), new FileOutputStream(port.toFile()));
            socat.getOutputStream().write(TcpClient.beat());
            socat.getOutputStream().flush();
            assertThat(SerialCableIT.next(socat.getInputStream(), new NodeFraming())
                            .hasQueueStatus())
                    .isTrue();
            cable.close();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("meshlease-simulator-serial"));
    }
}
