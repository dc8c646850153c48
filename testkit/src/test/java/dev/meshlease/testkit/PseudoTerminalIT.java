package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.internal.serial.PtyMaker;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pseudo-terminals as serial ports of other programs, whoever makes them, and a simulated node's console behind them. */
@Timeout(60)
@EnabledOnOs({OS.LINUX, OS.MAC})
class PseudoTerminalIT {
    @TempDir
    private Path folder;

    private PseudoTerminal plugIn(PtyMaker maker) throws IOException {
        assumeThat(maker.isHere()).as("%s is installed", maker).isTrue();
        return PseudoTerminal.plugIn(folder.resolve("port"), maker);
    }

    private static byte[] everyByte() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return all;
    }

    private static void write(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    @ParameterizedTest
    @EnumSource
    void each_value_passes_unchanged_both_ways_from_the_first_byte_on(PtyMaker maker) throws IOException {
        try (PseudoTerminal terminal = plugIn(maker);
                OutputStream out = new FileOutputStream(terminal.path().toFile());
                InputStream in = new BufferedInputStream(
                        new FileInputStream(terminal.path().toFile()))) {
            write(out, everyByte());
            assertThat(terminal.fromClient().readNBytes(256)).isEqualTo(everyByte());
            write(terminal.toClient(), everyByte());
            assertThat(in.readNBytes(256)).isEqualTo(everyByte());
        }
    }

    /** Many times, for one of the programs makes the link a moment earlier. */
    @Test
    void it_is_raw_as_soon_as_it_is_there() throws IOException {
        for (int i = 0; i < 40; i++) {
            try (PseudoTerminal terminal = plugIn(PtyMaker.SOCAT);
                    OutputStream out = new FileOutputStream(terminal.path().toFile())) {
                write(out, new byte[] {'\n'});
                assertThat(terminal.fromClient().read()).isEqualTo('\n');
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_goes_with_its_link_and_its_programs_and_can_come_back_there(PtyMaker maker) throws Exception {
        PseudoTerminal first = plugIn(maker);
        ProcessHandle program = first.program();
        var programs = program.descendants().toList();
        assertThat(first.isPlugged()).isTrue();
        assertThat(first.device()).isEqualTo(first.path().toRealPath()).isNotEqualTo(first.path());
        first.close();
        first.close();
        assertThat(first.isPlugged()).isFalse();
        assertThat(Files.isSymbolicLink(first.path())).isFalse();
        for (ProcessHandle each : programs) {
            each.onExit().get(10, TimeUnit.SECONDS);
        }
        try (PseudoTerminal second = plugIn(maker)) {
            assertThat(second.path()).isEqualTo(first.path()).exists();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_ends_its_program_or_its_output_unplugs_it(PtyMaker maker) throws Exception {
        for (boolean byOutput : new boolean[] {false, true}) {
            try (PseudoTerminal terminal = plugIn(maker);
                    InputStream in = new FileInputStream(terminal.path().toFile())) {
                if (byOutput) {
                    terminal.toClient().close();
                } else {
                    terminal.program().descendants().forEach(ProcessHandle::destroy);
                    assertThat(terminal.program().destroy()).isTrue();
                }
                terminal.unplugged().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(terminal.isPlugged()).isFalse();
                assertThat(Files.isSymbolicLink(terminal.path())).isFalse();
                assertThat(hasEnded(terminal.fromClient())).isTrue();
                assertThat(hasEnded(in)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_can_be_unplugged_while_neither_side_reads(PtyMaker maker) throws Exception {
        try (PseudoTerminal terminal = plugIn(maker);
                OutputStream client = new FileOutputStream(terminal.path().toFile())) {
            AtomicLong written = new AtomicLong();
            var writers = List.of(pours(terminal.toClient(), written), pours(client, written));
            for (long before = 0; written.get() == 0 || written.get() > before; ) {
                before = written.get();
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            }
            unplug(terminal.toClient());
            terminal.unplugged().toCompletableFuture().get(20, TimeUnit.SECONDS);
            for (var writer : writers) {
                writer.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static void unplug(OutputStream toClient) {
        try {
            toClient.close();
        } catch (IOException lastBytesAreLost) {
            // as they are to be
        }
    }

    /** Until nobody takes it any more. */
    private static CompletableFuture<Void> pours(OutputStream out, AtomicLong written) {
        var over = new CompletableFuture<Void>();
        Thread writer = new Thread(() -> {
            try {
                while (true) {
                    write(out, everyByte());
                    written.addAndGet(256);
                }
            } catch (IOException unplugged) {
                over.complete(null);
            }
        });
        writer.setDaemon(true);
        writer.start();
        return over;
    }

    private static boolean hasEnded(InputStream in) {
        try {
            return in.read() < 0;
        } catch (IOException failed) {
            return true;
        }
    }

    /** Ctrl-C goes to all programs of a terminal, and the one that has the port says goodbye by way of it. */
    @ParameterizedTest
    @EnumSource
    @EnabledOnOs(OS.LINUX)
    void a_ctrl_c_does_not_reach_its_program(PtyMaker maker) throws IOException {
        try (PseudoTerminal terminal = plugIn(maker)) {
            while (sessionOf(terminal.program()) == sessionOf(ProcessHandle.current())) {
                Thread.onSpinWait(); // it is in one of its own a moment later
            }
            assertThat(sessionOf(terminal.program()))
                    .isEqualTo(terminal.program().pid());
        }
    }

    private static long sessionOf(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')')).split(" ")[4]);
    }

    @ParameterizedTest
    @EnumSource
    void its_path_may_have_any_characters(PtyMaker maker) throws IOException {
        assumeThat(maker.isHere()).as("%s is installed", maker).isTrue();
        Path odd = folder.resolve("a b,c:d!e\"f'g(h[i{j\\k$l`m;n&o");
        try (PseudoTerminal terminal = PseudoTerminal.plugIn(odd, maker)) {
            assertThat(odd).isSymbolicLink();
            assertThat(odd.toRealPath()).isEqualTo(terminal.device());
        }
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void what_is_at_its_path_already_is_left_alone_unless_it_leads_nowhere() throws IOException {
        assumeThat(PseudoTerminal.isAvailable())
                .as("a program that makes pseudo-terminals is installed")
                .isTrue();
        Path path = Files.writeString(folder.resolve("port"), "somebody's");
        assertThatThrownBy(() -> PseudoTerminal.plugIn(path))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("there is something already");
        assertThat(path).hasContent("somebody's");
        Files.delete(path);
        Files.createSymbolicLink(path, folder.resolve("nowhere"));
        PseudoTerminal.plugIn(path).close();
        assertThat(Files.isSymbolicLink(path)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void what_cannot_be_made_says_why(PtyMaker maker) {
        assumeThat(maker.isHere()).as("%s is installed", maker).isTrue();
        assertThatThrownBy(() -> PseudoTerminal.plugIn(folder.resolve("none/port"), maker))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No pseudo-terminal at " + folder)
                .hasMessageContaining(maker + " says");
    }

    /** Makes one, prints by what, and closes it. */
    static final class Program {
        public static void main(String[] words) throws IOException {
            try (PseudoTerminal terminal = PseudoTerminal.plugIn(Path.of(words[0]))) {
                System.out.println(terminal.program().info().command().orElse("?"));
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void what_is_no_program_is_passed_over_and_one_that_fails_leaves_it_to_the_next_whatever_the_users_shell()
            throws Exception {
        assumeThat(PtyMaker.SCRIPT.isHere()).as("script is installed").isTrue();
        Path sources = Files.createDirectories(folder.resolve("sources/socat")).getParent();
        Path broken = Files.createDirectory(folder.resolve("broken")).resolve("socat");
        Files.writeString(broken, "#!/bin/sh\necho 'no socat in this container' >&2; exit 1\n");
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        ProcessBuilder program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        folder.resolve("port").toString())
                .redirectErrorStream(true);
        program.environment().put("PATH", sources + ":" + broken.getParent() + ":" + System.getenv("PATH"));
        program.environment().put("SHELL", "/bin/false");
        Process started = program.start();
        assertThat(new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .endsWith("/script\n");
        assertThat(started.waitFor()).isZero();
        assertThat(Files.isSymbolicLink(folder.resolve("port"))).isFalse();
    }

    @Test
    void a_program_that_opens_the_port_talks_to_the_node() throws Exception {
        try (PseudoTerminal terminal = plugIn(PtyMaker.SOCAT);
                SimulatedNode node =
                        SimulatedNode.builder().nodes(30).start(terminal.fromClient(), terminal.toClient());
                FileOutputStream out = new FileOutputStream(terminal.path().toFile());
                FileInputStream in = new FileInputStream(terminal.path().toFile())) {
            NodeFraming framing = new NodeFraming();
            SerialCableIT.handshake(in, out, framing, 7);
            SerialCableIT.handshake(in, out, framing, 8);
            node.peers().get(0).says("hello");
            assertThat(SerialCableIT.next(in, framing).hasPacket()).isTrue();
            terminal.close();
        }
    }

    @Test
    void a_terminal_that_goes_away_unplugs_the_cable() throws Exception {
        try (PseudoTerminal terminal = plugIn(PtyMaker.SOCAT);
                SimulatedNode node = SimulatedNode.builder().start()) {
            SerialCable cable = node.attachSerial(terminal.fromClient(), terminal.toClient());
            terminal.close();
            while (cable.isPlugged()) {
                Thread.onSpinWait();
            }
            assertThat(node.accepted()).isZero();
        }
    }

    @Test
    void a_terminal_file_can_be_the_cable_itself_and_closing_ends_its_reader() throws IOException {
        try (PseudoTerminal terminal = plugIn(PtyMaker.SOCAT);
                SimulatedNode node = SimulatedNode.builder().start()) {
            SerialCable cable = node.attachSerial(
                    new FileInputStream(terminal.path().toFile()),
                    new FileOutputStream(terminal.path().toFile()));
            write(terminal.toClient(), TcpClient.beat());
            assertThat(SerialCableIT.next(terminal.fromClient(), new NodeFraming())
                            .hasQueueStatus())
                    .isTrue();
            cable.close();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("meshlease-simulator-serial"));
    }
}
