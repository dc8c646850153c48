package dev.meshlease.serial;

import dev.meshlease.spi.LinkKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which a serial port is claimed. Two paths that lead to one port share a key; two ports that are there at the same time
 * share none.
 *
 * <p>What is claimed:
 *
 * <ul>
 *   <li>On USB, as far as sysfs shows it, <b>where the port is plugged in</b> ({@code usb-port:…}): it stays the same when the device
 *       restarts and comes back as {@code ttyUSB1}, and no other device can be there meanwhile.
 *   <li>In addition <b>which device it is</b> ({@code usb:VENDOR:PRODUCT:SERIAL#INTERFACE}), if it has a serial number: so a link that waits
 *       for its device finds it claimed when it is plugged in elsewhere. A device may have several ports, hence the interface. Serial
 *       numbers are not always what they say: whole batches are sold as {@code 0001}. Such a number is not claimed, nor is any other
 *       that has been seen on two devices at once, from then on. And where two devices have been seen one after the other, such a number
 *       is claimed alone: the link of the first may still wait, with the place among its keys, while its device comes back in another.
 *   <li>Elsewhere the <b>device numbers</b> ({@code dev:4:64}), so that two device nodes of one device meet; where there are none, the
 *       real path behind all symbolic links. Of the two nodes that macOS has for each port, {@code /dev/tty.x} and {@code /dev/cu.x}, the
 *       latter.
 *   <li>On Windows the port's name ({@code COM3}), however it is written.
 * </ul>
 *
 * <p>A device number alone would not do on USB: the kernel gives it to the next device, while the link of the first still waits.
 *
 * <p><b>Threading:</b> safe from any thread. Reads files, so it is for a helper thread, never for the loop.
 */
final class SerialKeys {
    private static final String SCHEME = "serial";
    private static final String TTYS = "/sys/class/tty";

    private static final Pattern WINDOWS_PORT =
            Pattern.compile("(?:[\\\\/]{2}[.?][\\\\/])?(COM[0-9]+):?", Pattern.CASE_INSENSITIVE);

    private static final Pattern MAC_PORT = Pattern.compile("/dev/(?:tty|cu)\\.(.+)");

    private final DeviceFiles files;
    private final boolean isWindows;
    private final Set<String> seenTwice = ConcurrentHashMap.newKeySet();
    private final Map<String, String> lastAtPlace = new ConcurrentHashMap<>();
    private final Set<String> placesOfSeveral = ConcurrentHashMap.newKeySet();

    SerialKeys(DeviceFiles files, boolean isWindows) {
        this.files = files;
        this.isWindows = isWindows;
    }

    /**
     * Finds out what to claim for the port at a path.
     *
     * @param path of a device or a link to one, or the bare name of a device
     * @throws IOException if there is nothing at that path
     */
    Set<LinkKey> of(String path) throws IOException {
        String windows = isWindows ? windowsPort(path) : null;
        if (windows != null) {
            return keys(windows);
        }
        boolean isBare = !isWindows && path.indexOf('/') < 0;
        String real = files.realPath(isBare ? "/dev/" + path : path);
        Matcher mac = MAC_PORT.matcher(real);
        if (mac.matches()) {
            return keys("/dev/cu." + mac.group(1));
        }
        Optional<DeviceFiles.Numbers> device = files.device(real);
        Optional<UsbPort> usb = UsbPort.at(UsbPort.entry(real, device), files);
        if (usb.isEmpty()) {
            return keys(device.map(numbers -> "dev:" + numbers).orElse(real));
        }
        String place = "usb-port:" + usb.get().place();
        String identity = usb.get().identity();
        boolean isOfSeveral = isOfSeveral(place, identity);
        if (identity == null || isSharedByOthers(identity)) {
            return keys(place);
        }
        return isOfSeveral ? keys("usb:" + identity) : keys(place, "usb:" + identity);
    }

    private boolean isOfSeveral(String place, @Nullable String identity) {
        String now = identity == null ? "" : identity;
        String before = lastAtPlace.put(place, now);
        if (before != null && !before.equals(now)) {
            placesOfSeveral.add(place);
        }
        return placesOfSeveral.contains(place);
    }

    /** The name of a Windows port as Windows writes it; null if it is none. */
    static @Nullable String windowsPort(String name) {
        Matcher port = WINDOWS_PORT.matcher(name);
        return port.matches() ? port.group(1).toUpperCase(Locale.ROOT) : null;
    }

    private boolean isSharedByOthers(String identity) {
        Map<String, String> places = new HashMap<>();
        for (String name : files.names(TTYS)) {
            UsbPort.at(TTYS + "/" + name, files).ifPresent(port -> {
                String other = port.identity();
                if (other != null && !port.place().equals(places.getOrDefault(other, port.place()))) {
                    seenTwice.add(other);
                }
                if (other != null) {
                    places.put(other, port.place());
                }
            });
        }
        return seenTwice.contains(identity);
    }

    private static Set<LinkKey> keys(String... addresses) {
        var keys = new TreeSet<LinkKey>();
        for (String address : addresses) {
            keys.add(new LinkKey(SCHEME, address));
        }
        return Set.copyOf(keys);
    }
}
