package dev.meshlease.serial;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The serial ports of a Linux machine, from sysfs: jSerialComm would open those that are not on USB, to see whether they are there. */
final class PortList {
    private static final String TTYS = "/sys/class/tty";
    private static final String BY_ID = "/dev/serial/by-id";
    private static final String NO_CHIP = "0";
    private static final Comparator<SerialEndpoint> ORDER = Comparator.comparing(SerialEndpoint::isLikelyNode)
            .reversed()
            .thenComparing(port -> port.vendorId().isEmpty())
            .thenComparing(SerialEndpoint::device);

    private final DeviceFiles files;

    PortList(DeviceFiles files) {
        this.files = files;
    }

    static List<SerialEndpoint> sorted(List<SerialEndpoint> ports) {
        return ports.stream().sorted(ORDER).toList();
    }

    boolean isSupported() {
        return !files.names(TTYS).isEmpty();
    }

    List<SerialEndpoint> all() {
        List<SerialEndpoint> found = new ArrayList<>();
        for (String name : files.names(TTYS)) {
            SerialEndpoint port = look(name);
            if (port != null) {
                found.add(port);
            }
        }
        return sorted(found);
    }

    private @Nullable SerialEndpoint look(String name) {
        String entry;
        String device;
        try {
            entry = files.realPath(TTYS + "/" + name);
            String unusedSinceOnlyRealOnesHaveIt = files.realPath(entry + "/device");
            device = files.realPath("/dev/" + name);
        } catch (IOException virtual) {
            return null;
        }
        Optional<UsbPort> usb = UsbPort.at(entry, files);
        if (usb.isPresent()) {
            return ofUsb(device, usb.get().device());
        }
        // The kernel has names for more chips than the machine has.
        return NO_CHIP.equals(files.text(entry + "/type"))
                ? null
                : new SerialEndpoint(
                        device,
                        device,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        "serial port of the machine's own",
                        false);
    }

    private SerialEndpoint ofUsb(String device, String usb) {
        OptionalInt vendor = hexadecimal(files.text(usb + "/idVendor"));
        OptionalInt product = hexadecimal(files.text(usb + "/idProduct"));
        String description = Stream.of("manufacturer", "product")
                .map(part -> files.text(usb + "/" + part))
                .filter(text -> text != null && !text.isBlank())
                .distinct()
                .reduce((one, other) -> one + " " + other)
                .orElse("USB serial port");
        return new SerialEndpoint(
                stableName(device),
                device,
                vendor,
                product,
                Optional.ofNullable(files.text(usb + "/serial")).filter(text -> !text.isBlank()),
                description,
                vendor.isPresent()
                        && product.isPresent()
                        && KnownBoards.includes(vendor.getAsInt(), product.getAsInt()));
    }

    private String stableName(String device) {
        return files.names(BY_ID).stream()
                .map(name -> BY_ID + "/" + name)
                .filter(link -> leadsTo(link, device))
                .sorted()
                .findFirst()
                .orElse(device);
    }

    private boolean leadsTo(String link, String device) {
        try {
            return files.realPath(link).equals(device);
        } catch (IOException gone) {
            return false;
        }
    }

    private static OptionalInt hexadecimal(@Nullable String text) {
        try {
            return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text, 16));
        } catch (NumberFormatException garbage) {
            return OptionalInt.empty();
        }
    }
}
