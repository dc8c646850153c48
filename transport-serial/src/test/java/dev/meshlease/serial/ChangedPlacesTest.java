package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.spi.Loss;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two links of one registry whose devices are plugged in elsewhere meanwhile: neither may be refused for the other's sake. */
@Timeout(60)
class ChangedPlacesTest {
    private static final String ONE = "/dev/serial/by-id/usb-10c4_ea60_A5069RR4-if00";
    private static final String OTHER = "/dev/serial/by-id/usb-10c4_ea60_B7111XX9-if00";

    private final FakeDevices files = new FakeDevices();
    private final LinkRegistry links = LinkRegistry.builder()
            .transport(new SerialTransport(
                    ModemLines.ASSERT_BOTH,
                    files,
                    (path, lines) -> {
                        throw new PortException(Loss.Kind.FAILED, "as the test says");
                    },
                    LinkTiming.STANDARD,
                    false))
            .build();

    @AfterEach
    void close() {
        links.close();
    }

    private void plug(String socket, int number, String serial) {
        files.usb(socket, "ttyUSB", number, "10c4:ea60", serial, 0);
    }

    private void unplugAll() {
        files.remove("/sys/devices/pci0000:00/0000:00:14.0/usb1/");
        files.remove("/dev/");
    }

    /** Until it has looked for its device anew, and come back from where that led. */
    private static void tryAgain(Lease lease) {
        int before = lease.status().losses().size();
        Eventually.holds("tried again", () -> {
            if (lease.status().state() == LinkState.BACKING_OFF) {
                lease.link().resetBackoff();
            }
            return lease.status().state() == LinkState.CLOSED
                    || lease.status().losses().size() > before + 1;
        });
    }

    @Test
    void devices_that_change_sockets_keep_their_links() {
        plug("1-1", 0, "A5069RR4");
        plug("1-2", 1, "B7111XX9");
        Lease one = links.acquire("serial:" + ONE, "bot");
        Lease other = links.acquire("serial:" + OTHER, "monitor");
        synchronized (files) {
            unplugAll();
            plug("1-1", 1, "B7111XX9");
            plug("1-2", 0, "A5069RR4");
        }
        tryAgain(one);
        tryAgain(other);
        assertThat(one.status().state()).isNotEqualTo(LinkState.CLOSED);
        assertThat(other.status().state()).isNotEqualTo(LinkState.CLOSED);
    }
}
