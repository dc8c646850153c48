package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a device is that has been unplugged and plugged in again. */
class PortFinderTest {
    private static final String SOCKETS = "/sys/devices/pci0000:00/0000:00:14.0/usb1/";
    private static final String BY_ID = "/dev/serial/by-id/usb-10c4_ea60_A5069RR4-if00";

    private final FakeDevices files = new FakeDevices();
    private final AtomicLong nanos = new AtomicLong();
    private final PortFinder finder = new PortFinder(files, nanos::get);

    private void plug(String socket, int number, String serial) {
        files.usb(socket, "ttyUSB", number, "10c4:ea60", serial, 0);
    }

    private void unplug(String socket, int number) {
        files.remove(SOCKETS + socket);
        files.remove("/dev/ttyUSB" + number);
        files.remove("/dev/char/188:" + number);
    }

    private void assertGone(String address) {
        assertThatThrownBy(() -> finder.find(address)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_path_is_what_it_leads_to() throws IOException {
        plug("1-1", 0, "A5069RR4");
        files.tty("ttyS0", new DeviceFiles.Numbers(4, 64), "/sys/devices/pnp0/00:00");
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB0");
        assertThat(finder.find(BY_ID)).isEqualTo("/dev/ttyUSB0");
        assertThat(finder.find("/dev/ttyS0")).isEqualTo("/dev/ttyS0");
        assertGone("/dev/ttyUSB1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/ttyUSB0", BY_ID})
    void a_device_that_comes_back_under_another_name_is_found(String address) throws IOException {
        plug("1-1", 0, "A5069RR4");
        assertThat(finder.find(address)).isEqualTo("/dev/ttyUSB0");
        unplug("1-1", 0);
        assertGone(address);
        plug("1-2", 1, "A5069RR4");
        assertThat(finder.find(address)).isEqualTo("/dev/ttyUSB1");
    }

    @Test
    void even_if_another_has_its_old_name() throws IOException {
        plug("1-1", 0, "A5069RR4");
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB0");
        unplug("1-1", 0);
        plug("1-3", 0, "B7111XX9");
        plug("1-1", 1, "A5069RR4");
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB1");
    }

    @Test
    void a_device_that_is_gone_for_good_is_replaced_by_what_has_its_name() throws IOException {
        plug("1-1", 0, "A5069RR4");
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB0");
        unplug("1-1", 0);
        plug("1-3", 0, "B7111XX9");
        assertGone("/dev/ttyUSB0");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB0");
        unplug("1-3", 0);
        plug("1-3", 1, "B7111XX9");
        assertThat(finder.find("/dev/ttyUSB0")).as("the new one").isEqualTo("/dev/ttyUSB1");
    }

    /** The hub has power again, and what comes first is nobody's: to open it would be to disturb it, and to lose the node for good. */
    @ParameterizedTest
    @CsvSource({"A5069RR4, B7111XX9", ","})
    void but_not_by_one_that_is_only_faster(String serial, String otherSerial) throws IOException {
        plug("1-1", 0, serial);
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB0");
        for (int i = 0; i < 3; i++) {
            unplug("1-1", i);
            plug("1-2", 0, otherSerial);
            assertThatThrownBy(() -> finder.find("/dev/ttyUSB0"))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("another device has that name now");
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
            assertGone("/dev/ttyUSB0");
            plug("1-1", i + 1, serial);
            assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB" + (i + 1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "A5069RR4, B7111XX9, /dev/ttyUSB1",
        "A5069RR4, B7111XX9, /dev/serial/by-id/usb-10c4_ea60_B7111XX9-if00",
        ", , /dev/ttyUSB1",
    })
    void but_not_by_one_that_another_address_stands_for(String serial, String otherSerial, String other)
            throws IOException {
        plug("1-1", 0, serial);
        plug("1-2", 1, otherSerial);
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB0");
        assertThat(finder.find(other)).isEqualTo("/dev/ttyUSB1");
        unplug("1-1", 0);
        unplug("1-2", 1);
        plug("1-2", 0, otherSerial); // The hub has power again, and the other one is faster.
        assertGone("/dev/ttyUSB0");
        assertThat(finder.find(other)).isEqualTo("/dev/ttyUSB0");
        plug("1-1", 1, serial);
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB1");
        assertThat(finder.find(other)).isEqualTo("/dev/ttyUSB0");
    }

    @Test
    void without_a_serial_number_it_is_known_by_its_socket() throws IOException {
        plug("1-1", 0, null);
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB0");
        unplug("1-1", 0);
        plug("1-2", 1, null);
        assertGone("/dev/ttyUSB0");
        plug("1-1", 2, null);
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB2");
    }

    @Test
    void with_a_serial_number_that_two_have_it_is_not_guessed() throws IOException {
        plug("1-1", 0, "A5069RR4");
        assertThat(finder.find("/dev/ttyUSB0")).isEqualTo("/dev/ttyUSB0");
        unplug("1-1", 0);
        plug("1-2", 1, "A5069RR4");
        plug("1-3", 2, "A5069RR4");
        assertGone("/dev/ttyUSB0");
    }

    @Test
    void a_link_by_socket_means_the_socket() throws IOException {
        String address = "/dev/serial/by-path/pci-usb-0:1-1:1.0";
        plug("1-1", 0, "A5069RR4");
        assertThat(finder.find(address)).isEqualTo("/dev/ttyUSB0");
        unplug("1-1", 0);
        plug("1-2", 1, "A5069RR4");
        assertGone(address);
        plug("1-1", 2, "B7111XX9");
        assertThat(finder.find(address)).isEqualTo("/dev/ttyUSB2");
    }

    @Test
    void a_link_is_followed_wherever_it_leads() throws IOException {
        plug("1-1", 0, "A5069RR4");
        plug("1-2", 1, "B7111XX9");
        files.link("/opt/node", "/dev/ttyUSB0");
        assertThat(finder.find("/opt/node")).isEqualTo("/dev/ttyUSB0");
        files.link("/opt/node", "/dev/ttyUSB1");
        assertThat(finder.find("/opt/node")).isEqualTo("/dev/ttyUSB1");
    }
}
