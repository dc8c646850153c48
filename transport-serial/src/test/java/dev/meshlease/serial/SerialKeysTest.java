package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.LinkKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SerialKeysTest {
    private final FakeDevices files = new FakeDevices();
    private final SerialKeys keys = new SerialKeys(files, false);

    private static LinkKey key(String address) {
        return new LinkKey("serial", address);
    }

    @Test
    void a_device_with_a_serial_number_is_claimed_by_it_and_by_its_place() throws IOException {
        files.usb("1-2", "ttyUSB", 0, "10c4:ea60", "A5069RR4", 0);

        assertThat(keys.of("/dev/ttyUSB0"))
                .containsExactlyInAnyOrder(
                        key("usb:10c4:ea60:A5069RR4#00"), key("usb-port:pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0#00"));
    }

    @Test
    void a_number_that_all_of_its_kind_have_is_not_claimed() throws IOException {
        files.usb("1-2", "ttyUSB", 0, "10c4:ea60", "0001", 0);

        assertThat(keys.of("/dev/ttyUSB0"))
                .containsExactly(key("usb-port:pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0#00"));
    }

    @ParameterizedTest
    @CsvSource({
        "0001, false",
        "0, false",
        "'', false",
        "123456, false",
        "12345678, false",
        "0123456789ABCDEF, false",
        "000000000000, false",
        "1234567890, false",
        "A5069RR4, true",
        "F4:12:FA:01:02:03, true",
        "5647012345, true",
        "1234568, true",
        "02A1B2C3D4, true",
    })
    void a_serial_number_is_told_from_what_makers_write_who_number_nothing(String serial, boolean genuine) {
        assertThat(UsbPort.isGenuine(serial)).isEqualTo(genuine);
    }

    @Test
    void a_number_seen_on_two_devices_at_once_is_not_believed_again_when_one_of_them_has_gone() throws IOException {
        files.usb("1-1", "ttyACM", 0, "1a86:55d4", "5647012345", 0);
        assertThat(keys.of("/dev/ttyACM0")).hasSize(2);
        files.usb("1-2", "ttyACM", 1, "1a86:55d4", "5647012345", 0);
        assertThat(keys.of("/dev/ttyACM1")).hasSize(1);

        files.remove("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1");
        files.remove("/dev/ttyACM0");

        // The link of the first still waits for it, with the number among its keys: the second must not meet that.
        assertThat(keys.of("/dev/ttyACM1"))
                .containsExactly(key("usb-port:pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0#00"));
    }

    @Test
    void devices_that_change_places_meet_nothing_of_what_the_other_has_claimed() throws IOException {
        files.usb("1-1", "ttyUSB", 0, "10c4:ea60", "A5069RR4", 0);
        files.usb("1-2", "ttyUSB", 1, "10c4:ea60", "B7111XX9", 0);
        Set<LinkKey> one = keys.of("/dev/ttyUSB0");
        Set<LinkKey> other = keys.of("/dev/ttyUSB1");
        files.remove("/sys/devices/pci0000:00/0000:00:14.0/usb1/");
        files.usb("1-1", "ttyUSB", 1, "10c4:ea60", "B7111XX9", 0);
        files.usb("1-2", "ttyUSB", 0, "10c4:ea60", "A5069RR4", 0);

        // Both links still have the keys of before, and would refuse each other.
        assertThat(keys.of("/dev/ttyUSB0")).isSubsetOf(one).isNotEmpty();
        assertThat(keys.of("/dev/ttyUSB1")).isSubsetOf(other).isNotEmpty();
    }

    @Test
    void a_port_that_is_not_on_usb_is_claimed_by_its_device_numbers() throws IOException {
        files.tty("ttyS0", new DeviceFiles.Numbers(4, 64), "/sys/devices/pnp0/00:01");
        files.node("/dev/pts/3", new DeviceFiles.Numbers(136, 3)); // A pseudo-terminal is in no sysfs.
        files.link("/tmp/node", "/dev/pts/3");

        assertThat(keys.of("/dev/ttyS0")).containsExactly(key("dev:4:64"));
        assertThat(keys.of("/tmp/node")).containsExactly(key("dev:136:3")).isEqualTo(keys.of("/dev/pts/3"));
    }

    @Test
    void without_device_numbers_it_is_the_real_path() throws IOException {
        files.text("/dev/cuaU0", ""); // As seen by a system that does not tell.
        files.link("/dev/node", "cuaU0");

        assertThat(keys.of("/dev/node")).containsExactly(key("/dev/cuaU0"));
    }

    @Test
    void both_nodes_that_macos_has_for_a_port_are_one() throws IOException {
        files.node("/dev/tty.usbserial-0001", new DeviceFiles.Numbers(33, 4));
        files.node("/dev/cu.usbserial-0001", new DeviceFiles.Numbers(33, 5));

        assertThat(keys.of("/dev/tty.usbserial-0001"))
                .containsExactly(key("/dev/cu.usbserial-0001"))
                .isEqualTo(keys.of("/dev/cu.usbserial-0001"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"COM3", "com3", "Com3:", "\\\\.\\COM3", "\\\\.\\com3", "//./COM3", "\\\\?\\COM3"})
    void a_windows_port_has_one_key(String written) throws IOException {
        assertThat(new SerialKeys(files, true).of(written)).containsExactly(key("COM3"));
    }

    @Test
    void what_is_not_there_is_said_so() {
        assertThatThrownBy(() -> keys.of("/dev/ttyUSB7"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("/dev/ttyUSB7");
        files.link("/dev/a", "b");
        files.link("/dev/b", "a");
        assertThatThrownBy(() -> keys.of("/dev/a")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({"48128, 188, 0", "1089, 4, 65", "34816, 136, 0", "1096748, 188, 300", "17592187092993, 4096, 257"})
    void device_numbers_are_taken_apart_as_linux_puts_them_together(long device, long major, long minor) {
        assertThat(DeviceFiles.Numbers.of(device)).isEqualTo(new DeviceFiles.Numbers(major, minor));
    }

    /** The real file system: the only device that is everywhere is /dev/null. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void the_systems_own_files_are_read_as_they_are(@TempDir Path folder) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("node"), Path.of("/dev/null"));
        SerialKeys real = new SerialKeys(DeviceFiles.SYSTEM, false);

        assertThat(real.of(link.toString())).isEqualTo(real.of("/dev/null")).isEqualTo(real.of("null"));
        assertThat(real.of("/dev/null")).isNotEqualTo(real.of("/dev/zero"));
        assertThat(real.of("/dev/null"))
                .singleElement()
                .satisfies(each -> assertThat(each.address()).startsWith("dev:"));
        Path plain = Files.writeString(folder.resolve("plain"), " tëxt \n");
        assertThat(DeviceFiles.SYSTEM.device(plain.toString())).isEmpty();
        assertThat(DeviceFiles.SYSTEM.text(plain.toString())).isEqualTo("tëxt");
        assertThat(DeviceFiles.SYSTEM.text(folder + "/none")).isNull();
        assertThat(DeviceFiles.SYSTEM.names(folder.toString())).containsExactlyInAnyOrder("node", "plain");
        assertThat(DeviceFiles.SYSTEM.names(folder + "/none")).isEmpty();
        assertThatThrownBy(() -> real.of(folder + "/none")).isInstanceOf(NoSuchFileException.class);
    }
}
