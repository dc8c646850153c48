package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortListTest {
    private final FakeDevices files = new FakeDevices();
    private final PortList list = new PortList(files);

    @Test
    void tells_of_each_port_what_the_system_knows_nodes_first() {
        files.tty("ttyS0", new DeviceFiles.Numbers(4, 64), "/sys/devices/pnp0/00:00");
        files.usb("1-1", "ttyUSB", 0, "0403:6001", null, 0);
        files.usb("1-2", "ttyACM", 0, "239a:8029", "A5069RR4", 0);
        files.text("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/manufacturer", "RAKwireless\n");
        files.text("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/product", "WisCore RAK4631 Board\n");

        assertThat(list.all())
                .satisfiesExactly(
                        node -> {
                            assertThat(node.path()).isEqualTo("/dev/serial/by-id/usb-239a_8029_A5069RR4-if00");
                            assertThat(node.endpoint()).isEqualTo(Endpoint.of("serial:" + node.path()));
                            assertThat(node.device()).isEqualTo("/dev/ttyACM0");
                            assertThat(node.usbId()).contains("239a:8029");
                            assertThat(node.serialNumber()).contains("A5069RR4");
                            assertThat(node.description()).isEqualTo("RAKwireless WisCore RAK4631 Board");
                            assertThat(node.isLikelyNode()).isTrue();
                            assertThat(node)
                                    .hasToString(
                                            "serial:/dev/serial/by-id/usb-239a_8029_A5069RR4-if00 (/dev/ttyACM0) 239a:8029"
                                                    + " serial number A5069RR4, RAKwireless WisCore RAK4631 Board, likely a node");
                        },
                        adapter -> {
                            assertThat(adapter.device()).isEqualTo("/dev/ttyUSB0");
                            assertThat(adapter.serialNumber()).isEmpty();
                            assertThat(adapter.isLikelyNode()).isFalse();
                        },
                        own -> {
                            assertThat(own.path()).isEqualTo("/dev/ttyS0");
                            assertThat(own.usbId()).isEmpty();
                            assertThat(own.isLikelyNode()).isFalse();
                        });
    }

    @Test
    void names_without_a_chip_or_a_device_are_no_ports() {
        files.tty("ttyS1", new DeviceFiles.Numbers(4, 65), "/sys/devices/platform/serial8250");
        files.text("/sys/devices/platform/serial8250/tty/ttyS1/type", "0\n");
        files.node("/dev/tty0", new DeviceFiles.Numbers(4, 0));
        files.link("/sys/class/tty/tty0", "/sys/devices/virtual/tty/tty0");
        files.text("/sys/devices/virtual/tty/tty0/dev", "4:0\n");
        assertThat(list.all()).isEmpty();
        assertThat(list.isSupported()).isTrue();
    }

    @Test
    void elsewhere_it_cannot_be_told_by_files() {
        assertThat(list.isSupported()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "10c4:ea60, true",
        "1a86:55d4, true",
        "1a86:7523, true",
        "303a:1001, true",
        "239a:0029, true",
        "2886:8044, true",
        "0403:6001, false",
        "1366:0105, false",
        "1a86:0000, false"
    })
    void boards_are_known_by_their_ids(String model, boolean isLikely) {
        files.usb("1-1", "ttyUSB", 0, model, "A5069RR4", 0);
        assertThat(list.all())
                .singleElement()
                .satisfies(port -> assertThat(port.isLikelyNode()).isEqualTo(isLikely));
    }

    @Test
    void what_the_library_does_not_know_is_left_out() {
        SerialEndpoint unknown = SerialEndpoint.of("COM3", -1, -1, "Unknown", null);
        assertThat(unknown).hasToString("serial:COM3");
        assertThat(unknown.usbId()).isEmpty();
        assertThat(unknown.serialNumber()).isEmpty();
        assertThat(SerialEndpoint.of("COM4", 0x303a, 0x1001, "7C:DF:A1", "USB JTAG")
                        .isLikelyNode())
                .isTrue();
    }

    @Test
    void this_machine_can_be_asked() {
        if (SerialTransport.IS_WINDOWS) {
            return;
        }
        assertThat(SerialEndpoint.list())
                .allSatisfy(port -> assertThat(port.device()).startsWith("/dev/"));
    }
}
