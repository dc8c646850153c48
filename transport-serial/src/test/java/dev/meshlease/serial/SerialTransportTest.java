package dev.meshlease.serial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Sighting;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import dev.meshlease.testkit.contract.LinkRecorder;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SerialTransportTest {
    private final Environment environment = Environment.system();
    private final FakeDevices files = new FakeDevices();
    private final List<String> opened = new ArrayList<>();
    private final SerialTransport transport = transport(false);

    private SerialTransport transport(boolean isWindows) {
        SerialPorts ports = (path, lines) -> {
            opened.add(path + " " + lines);
            throw new PortException(Loss.Kind.FAILED, "as the test says");
        };
        return new SerialTransport(ModemLines.ASSERT_BOTH, files, ports, LinkTiming.STANDARD, isWindows);
    }

    private static Target locate(SerialTransport transport, String address) throws Exception {
        return transport
                .locate(transport.check(address), Environment.system())
                .toCompletableFuture()
                .get(20, SECONDS);
    }

    @Test
    void is_found_as_a_service() {
        assertThat(ServiceLoader.load(Transport.class).stream().map(ServiceLoader.Provider::type))
                .contains(SerialTransport.class);
        assertThat(transport.scheme()).isEqualTo("serial");
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/ttyUSB0, /dev/ttyUSB0",
        "ttyUSB0, /dev/ttyUSB0",
        "//dev//ttyUSB0/, /dev/ttyUSB0",
        "/dev/serial/by-id/usb-Silicon_Labs_CP2102_0001-if00-port0, /dev/serial/by-id/usb-Silicon_Labs_CP2102_0001-if00-port0",
        "/opt/my node, /opt/my node",
    })
    void spells_a_path_normally(String written, String normal) {
        assertThat(transport.check(written)).isEqualTo(normal);
        assertThat(transport.check(normal)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", " /dev/ttyUSB0", "/dev/ttyUSB0\n", "dev/ttyUSB0", "./ttyUSB0", "/dev/\u0000"})
    void refuses_what_is_no_path_and_shows_one(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.check(written))
                .withMessageContaining("'" + written + "'")
                .withMessageContaining("/dev/ttyUSB0 or /dev/serial/by-id/");
    }

    @ParameterizedTest
    @CsvSource({"COM3, COM3", "com10, COM10", "\\\\.\\COM10, COM10", "COM3:, COM3"})
    void spells_a_windows_port_normally(String written, String normal) throws Exception {
        SerialTransport windows = transport(true);
        assertThat(windows.check(written)).isEqualTo(normal);
        assertThat(locate(windows, written).keys()).containsExactly(new LinkKey("serial", normal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/dev/ttyUSB0", "COM", "LPT1"})
    void refuses_what_is_no_windows_port(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport(true).check(written))
                .withMessageContaining("COM3");
    }

    @Test
    void claims_the_port_and_watches_it_as_a_console() throws Exception {
        files.usb("1-1", "ttyUSB", 0, "10c4:ea60", "A5069RR4", 0);
        Target target = locate(transport, "ttyUSB0");
        assertThat(target.keys()).isEqualTo(new SerialKeys(files, false).of("/dev/ttyUSB0"));
        assertThat(target.isConsole()).isTrue();
        assertThat(opened).isEmpty();
    }

    @Test
    void says_that_a_device_is_not_there() {
        assertThatThrownBy(() -> locate(transport, "/dev/ttyUSB0"))
                .cause()
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("/dev/ttyUSB0: there is no such device; is it plugged in?");
    }

    @Test
    void nothing_is_opened_without_a_permit() throws Exception {
        files.usb("1-1", "ttyUSB", 0, "10c4:ea60", "A5069RR4", 0);
        Target target = locate(transport, "ttyUSB0");
        assertThatNullPointerException()
                .isThrownBy(() -> target.connect(null, null, null))
                .withMessageContaining("A connection needs a permit");
        assertThat(opened).isEmpty();
    }

    @Test
    void a_device_that_another_has_replaced_meanwhile_is_not_opened() throws Exception {
        files.usb("1-1", "ttyUSB", 0, "10c4:ea60", "A5069RR4", 0);
        Target target = locate(transport, "ttyUSB0");
        files.remove("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1");
        files.usb("1-2", "ttyUSB", 0, "10c4:ea60", "B7111XX9", 0);
        assertThat(connect(target))
                .isEqualTo("NO_SUCH_DEVICE: another device has come to /dev/ttyUSB0 while it was being opened");
        files.remove("/dev/ttyUSB0");
        assertThat(connect(target)).startsWith("NO_SUCH_DEVICE: there is no /dev/ttyUSB0");
        assertThat(opened).isEmpty();
    }

    @Test
    void nor_one_that_is_replaced_while_others_are_opened_first() throws Exception {
        files.usb("1-1", "ttyUSB", 0, "10c4:ea60", "A5069RR4", 0);
        SerialPorts busy = new SerialPorts() {
            @Override
            public OpenPort open(String path, ModemLines lines) {
                throw new AssertionError(path);
            }

            @Override
            public OpenPort inTurn(PortOpener opening) throws PortException {
                files.remove("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1");
                files.usb("1-2", "ttyUSB", 0, "10c4:ea60", "B7111XX9", 0);
                return opening.open();
            }
        };
        var slow = new SerialTransport(ModemLines.ASSERT_BOTH, files, busy, LinkTiming.STANDARD, false);
        assertThat(connect(locate(slow, "ttyUSB0"))).startsWith("NO_SUCH_DEVICE: another device has come");
    }

    /** On a device that this machine has, and everybody may open. */
    @Test
    void the_modem_lines_are_those_of_the_address_or_of_the_transport() throws Exception {
        files.node("/dev/null", new DeviceFiles.Numbers(1, 3));
        files.node("/dev/zero", new DeviceFiles.Numbers(1, 5));
        files.link("/opt/node", "/dev/zero");
        SerialTransport told = transport.with("zero", ModemLines.LEAVE).with("/opt/node", ModemLines.CLEAR_BOTH);
        connect(locate(told, "null"));
        connect(locate(told, "/dev/zero"));
        connect(locate(told, "/opt/node"));
        connect(locate(transport, "/opt/node"));
        assertThat(opened)
                .containsExactly(
                        "/dev/null ASSERT_BOTH", "/dev/zero LEAVE", "/dev/zero CLEAR_BOTH", "/dev/zero ASSERT_BOTH");
    }

    private String connect(Target target) throws Exception {
        Loop loop = environment.newLoop("meshlease-serial-test");
        try {
            LinkRecorder events = new LinkRecorder(loop);
            loop.execute(() ->
                    events.connects(() -> target.connect(Permit.issue(Issuer.TESTKIT, target.keys()), loop, events)));
            Loss loss = events.awaitClosed();
            return loss.kind() + ": " + loss.detail();
        } finally {
            loop.close();
        }
    }

    /** Its name is another device's by now, and whoever has that one open is to be left alone. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void who_has_another_device_open_by_the_same_name_is_not_at_this_one(@TempDir Path folder) throws Exception {
        Path port = Files.createFile(folder.toRealPath().resolve("ttyX0"));
        files.node(port.toString(), new DeviceFiles.Numbers(4, 64));
        Lookout lookout = locate(transport, port.toString()).lookout().orElseThrow();
        try (InputStream open = new FileInputStream(port.toFile())) {
            assertThat(open.available()).isZero();
            assertThat(((Sighting.Seen) lookout.look()).strangers()).hasSize(1);
            files.node(port.toString(), new DeviceFiles.Numbers(4, 65));
            assertThat(lookout.look()).isEqualTo(new Sighting.Seen(List.of()));
            files.remove(port.toString());
            assertThat(lookout.look()).isEqualTo(new Sighting.Seen(List.of()));
        }
    }
}
