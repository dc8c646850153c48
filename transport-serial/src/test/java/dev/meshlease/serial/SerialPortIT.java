package dev.meshlease.serial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.testkit.contract.LinkRecorder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The transport as users have it, jSerialComm included, over pseudo-terminals. */
@Timeout(60)
class SerialPortIT {
    private static final int WAKE_BYTES = 32;

    @TempDir
    private Path folder;

    private final Environment environment = Environment.system();
    private final Loop loop = environment.newLoop("meshlease-serial-test");
    private SerialTransport transport = new SerialTransport();
    private LinkRecorder events = new LinkRecorder(loop);
    private Pty pty;

    @BeforeEach
    void plugIn() throws IOException {
        pty = Pty.plugIn(folder.resolve("port"));
    }

    @AfterEach
    void end() throws Exception {
        if (events.isConnected() && events.loss() == null) {
            on(() -> {
                events.link().abort();
                return null;
            });
            events.awaitClosed();
        }
        if (pty != null) {
            pty.close();
        }
        loop.close();
    }

    @Test
    void opens_by_a_link_wakes_and_carries_bytes_both_ways() throws Exception {
        open();
        assertThat(read(WAKE_BYTES)).containsOnly((byte) 0xC3);
        write("to the node");
        assertThat(new String(read(11), UTF_8)).isEqualTo("to the node");
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        pty.toClient().write(all);
        pty.toClient().flush();
        events.await(() -> events.bytes().length == 256);
        assertThat(events.bytes()).as("each value, unchanged").isEqualTo(all);
    }

    /** Whether the lines themselves move cannot be seen here: a pseudo-terminal has none. */
    @ParameterizedTest
    @CsvSource({"ASSERT_BOTH, -hupcl", "CLEAR_BOTH, -hupcl", "LEAVE, hupcl"})
    void the_port_is_set_up_and_its_lines_are_kept_at_the_closing_unless_they_are_left_alone(
            ModemLines lines, String kept) throws Exception {
        stty("hupcl", "9600");
        transport = new SerialTransport(lines);
        open();
        assertThat(stty("-a").replace(";", "").split("\\s+"))
                .contains(kept, "115200", "cs8", "-parenb", "-cstopb", "-crtscts", "-ixon", "-icanon", "-echo");
    }

    private String stty(String... what) throws Exception {
        List<String> command = new ArrayList<>(List.of("stty", "-F", pty.device()));
        command.addAll(List.of(what));
        Process stty = new ProcessBuilder(command).redirectErrorStream(true).start();
        String shown = new String(stty.getInputStream().readAllBytes(), UTF_8);
        assertThat(stty.waitFor()).as(shown).isZero();
        return shown;
    }

    @Test
    void a_device_that_is_not_there_is_told_when_it_is_looked_for() throws Exception {
        Target target = locate();
        pty.unplug();
        Loss loss = connect(target).awaitClosed();
        assertThat(loss.kind()).isEqualTo(Loss.Kind.NO_SUCH_DEVICE);
        assertThat(loss.detail()).contains("is the device plugged in?");
    }

    @Test
    void what_is_no_device_is_not_opened() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Target target = locate(file.toString());
        assertThat(connect(target).awaitClosed().detail()).contains("is no device");
    }

    @Test
    void a_device_that_is_no_terminal_is_told_as_such() throws Exception {
        Loss loss = connect(locate("/dev/null")).awaitClosed();
        assertThat(loss.kind()).isEqualTo(Loss.Kind.FAILED);
        assertThat(loss.detail()).contains("/dev/null", "cannot be opened");
    }

    @Test
    void a_port_that_this_program_has_is_busy_and_stays_usable() throws Exception {
        open();
        read(WAKE_BYTES);
        LinkRecorder second = new LinkRecorder(loop);
        connect(locate(), second);
        Loss loss = second.awaitClosed();
        assertThat(loss.kind()).isEqualTo(Loss.Kind.BUSY);
        assertThat(loss.detail()).contains("this program");
        write("still here");
        assertThat(new String(read(10), UTF_8)).isEqualTo("still here");
    }

    @Test
    void a_port_that_another_program_has_is_busy_and_says_whose_it_is() throws Exception {
        assumeThat(Path.of("/usr/bin/flock")).exists();
        Process other = new ProcessBuilder("/usr/bin/flock", "-o", pty.device(), "cat").start();
        try {
            while (PortUsers.SYSTEM.lockedBy(pty.device()) == null && other.isAlive()) {
                Thread.onSpinWait();
            }
            Loss loss = connect(locate()).awaitClosed();
            assertThat(loss.kind()).isEqualTo(Loss.Kind.BUSY);
            assertThat(loss.detail()).contains("flock (process " + other.pid() + ") has it open");
        } finally {
            other.getOutputStream().close();
            other.destroy();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        events = new LinkRecorder(loop);
        open();
    }

    @Test
    void unplugged_while_idle_it_is_lost_at_once() throws Exception {
        open();
        pty.unplug();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.FAILED);
        assertThat(events.loss().detail()).contains("was lost");
    }

    @Test
    void unplugged_while_bytes_come_in_it_is_lost_at_once() throws Exception {
        open();
        OutputStream toClient = pty.toClient();
        CompletableFuture<Void> pouring = CompletableFuture.runAsync(() -> pour(toClient));
        events.await(() -> events.bytes().length > 100_000);
        pty.unplug();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.FAILED);
        assertThat(events.loss().detail()).contains("was lost");
        pouring.get(20, SECONDS);
    }

    /** Until nobody takes it any more. */
    private static void pour(OutputStream out) {
        try {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException unplugged) {
            // as the test means it to be
        }
    }

    @Test
    void unplugged_while_the_other_side_takes_nothing_it_is_lost() throws Exception {
        open();
        fill();
        pty.unplug();
        assertThat(events.awaitClosed().kind())
                .as("by the unplugging, not by the deadline for writing")
                .isEqualTo(Loss.Kind.FAILED);
    }

    @Test
    void a_device_that_takes_nothing_is_given_up_after_five_seconds() throws Exception {
        open();
        fill();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.TIMED_OUT);
        assertThat(events.loss().detail()).contains("took nothing", "5000 ms");
    }

    @Test
    void plugged_in_again_under_another_name_it_is_found_behind_the_same_link() throws Exception {
        open();
        pty.unplug();
        events.awaitClosed();
        pty.plugInUnderAnotherName();
        events = new LinkRecorder(loop);
        open();
        read(WAKE_BYTES);
        write("again");
        assertThat(new String(read(5), UTF_8)).isEqualTo("again");
    }

    @Test
    void a_read_that_waits_ends_when_the_port_is_closed() throws Exception {
        open();
        read(WAKE_BYTES);
        String reader = "meshlease-serial-" + pty.device().substring("/dev/".length()) + "-reader";
        Eventually.holds(
                "it waits in the driver",
                () -> Thread.getAllStackTraces().entrySet().stream()
                        .filter(thread -> thread.getKey().getName().equals(reader))
                        .anyMatch(thread -> Stream.of(thread.getValue()).anyMatch(StackTraceElement::isNativeMethod)));
        on(() -> {
            events.link().close();
            return null;
        });
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals(reader))
                .allSatisfy(thread -> thread.join(10_000))
                .noneMatch(Thread::isAlive);
    }

    @Test
    void closing_lets_the_last_frame_out() throws Exception {
        for (int i = 0; i < 20; i++) {
            events = new LinkRecorder(loop);
            open();
            read(WAKE_BYTES);
            on(() -> {
                int unused = events.link().write(ByteBuffer.wrap("x".repeat(200).getBytes(UTF_8)));
                events.link().close();
                return null;
            });
            assertThat(new String(read(200), UTF_8)).isEqualTo("x".repeat(200));
            assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        }
    }

    @Test
    void a_hundred_openings_leave_no_thread_and_no_file() throws Exception {
        transport = HastyPorts.transport();
        cycle();
        long files = openFiles();
        for (int i = 0; i < 100; i++) {
            cycle();
        }
        assertThat(openFiles()).isLessThanOrEqualTo(files);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().matches("meshlease-serial-.*-(reader|writer|closer)"))
                .allSatisfy(thread -> thread.join(10_000))
                .noneMatch(Thread::isAlive);
    }

    private void cycle() throws Exception {
        events = new LinkRecorder(loop);
        open();
        read(WAKE_BYTES);
        on(() -> {
            events.link().abort();
            return null;
        });
        events.awaitClosed();
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    // ---- tools

    private Target locate() throws Exception {
        return locate(pty.address());
    }

    private Target locate(String address) throws Exception {
        return transport
                .locate(transport.check(address), environment)
                .toCompletableFuture()
                .get(20, SECONDS);
    }

    private void open() throws Exception {
        connect(locate()).await(() -> !events.events().isEmpty());
        assertThat(events.events()).as("%s", events.loss()).containsExactly("opened");
    }

    private LinkRecorder connect(Target target) throws Exception {
        connect(target, events);
        return events;
    }

    private void connect(Target target, LinkRecorder to) throws Exception {
        on(() -> {
            to.connects(() -> target.connect(Permit.issue(Issuer.TESTKIT, target.keys()), loop, to));
            return null;
        });
    }

    private void write(String text) throws Exception {
        assertThat(on(() -> events.link().write(ByteBuffer.wrap(text.getBytes(UTF_8)))))
                .isEqualTo(text.length());
    }

    /** Writes more than all buffers on the way take; nobody reads. */
    private void fill() throws Exception {
        assertThat(on(() -> events.link().write(ByteBuffer.allocate(1 << 20)))).isEqualTo(1 << 20);
    }

    private byte[] read(int count) throws Exception {
        InputStream from = pty.fromClient();
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return from.readNBytes(count);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .get(20, SECONDS);
    }

    private <T> T on(Callable<T> work) throws Exception {
        var result = new CompletableFuture<T>();
        loop.execute(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, SECONDS);
    }
}
