package dev.meshlease.serial;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One serial port of a USB device, as sysfs shows it.
 *
 * @param place where it is plugged in, down to the interface and, if there are several ports to it, the port: the same for as long as it
 *     stays there, whatever it is called
 * @param identity vendor, product, serial number, interface and port: the same wherever it is plugged in; null if the device has no
 *     serial number of its own
 * @param device the whole device's folder in sysfs
 */
record UsbPort(String place, @Nullable String identity, String device) {
    private static final String DEVICES = "/sys/devices/";

    private static final int SHORTEST_SERIAL = 6;

    /** How the numbers go on that makers write who number nothing. */
    private static final List<String> COUNTING = List.of("0123456789ABCDEF", "123456789ABCDEF", "1234567890");

    /** Looks a device up by its path, symbolic links resolved. */
    static Optional<UsbPort> of(String real, DeviceFiles files) throws IOException {
        return at(entry(real, files.device(real)), files);
    }

    /** A device's folder in sysfs. */
    static String entry(String real, Optional<DeviceFiles.Numbers> numbers) {
        return numbers.map(known -> "/sys/dev/char/" + known)
                .orElseGet(() -> "/sys/class/tty" + real.substring(real.lastIndexOf('/')));
    }

    /**
     * Looks a device up.
     *
     * @param entry its folder in sysfs, such as {@code /sys/class/tty/ttyUSB0}
     * @return empty if it is not on USB, or gone
     */
    static Optional<UsbPort> at(String entry, DeviceFiles files) {
        String device;
        try {
            device = files.realPath(entry + "/device");
        } catch (IOException absent) {
            return Optional.empty();
        }
        // ttyACM0 hangs on its interface, ttyUSB0 on a port of the driver's that hangs on the interface.
        String port = files.text(device + "/port_number");
        String usbInterface = device;
        String number = files.text(usbInterface + "/bInterfaceNumber");
        while (number == null && usbInterface.startsWith(DEVICES)) {
            usbInterface = parent(usbInterface);
            number = files.text(usbInterface + "/bInterfaceNumber");
        }
        if (number == null) {
            return Optional.empty();
        }
        String part = number.toLowerCase(Locale.ROOT) + (port == null || port.equals("0") ? "" : "." + port);
        String place = usbInterface.startsWith(DEVICES) ? usbInterface.substring(DEVICES.length()) : usbInterface;
        String whole = parent(usbInterface);
        String vendor = files.text(whole + "/idVendor");
        String product = files.text(whole + "/idProduct");
        String serial = files.text(whole + "/serial");
        boolean isKnown = vendor != null && product != null && serial != null && isGenuine(serial);
        String model = (vendor + ":" + product).toLowerCase(Locale.ROOT);
        return Optional.of(new UsbPort(place + "#" + part, isKnown ? model + ":" + serial + "#" + part : null, whole));
    }

    /**
     * Whether a serial number looks as if it were given to one device only. {@code 0001} is every CP2102 fresh from the factory, {@code
     * 123456} many a CH9102.
     */
    static boolean isGenuine(String serial) {
        return serial.length() >= SHORTEST_SERIAL
                && serial.chars().distinct().count() > 1
                && COUNTING.stream().noneMatch(row -> row.startsWith(serial.toUpperCase(Locale.ROOT)));
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
