package dev.meshlease.serial;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the device that an address stood for before, if it has another name now: a device that was unplugged may come back as {@code ttyUSB1}
 * although it was {@code ttyUSB0}, and another may have that name.
 *
 * <p>Names that udev gives are symbolic links, and are followed as long as they lead anywhere: they mean one device, or one socket. Only the
 * kernel's own, which say no more than who came first, are not: when a hub has power again, the first to come may be any of its devices. So
 * another device that has such a name is taken only after the former has had its time to come back.
 *
 * <p><b>Threading:</b> safe from any thread. Reads files.
 */
final class PortFinder {
    private static final String TTYS = "/sys/class/tty";
    private static final String BY_SOCKET = "/dev/serial/by-path/";

    /** Devices that get their power at the same moment are there within a few seconds. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Another device that has the name of one that is away. */
    private record Substitute(UsbPort port, long sinceNanos) {}

    private final DeviceFiles files;
    private final LongSupplier nanoTime;
    private final Map<String, UsbPort> lastSeen = new ConcurrentHashMap<>();
    private final Map<String, Substitute> substitutes = new ConcurrentHashMap<>();

    PortFinder(DeviceFiles files, LongSupplier nanoTime) {
        this.files = files;
        this.nanoTime = nanoTime;
    }

    /**
     * The device's path now, symbolic links resolved.
     *
     * @param address an absolute path
     * @throws IOException if it is not there
     */
    String find(String address) throws IOException {
        String real = realPath(address);
        UsbPort before = lastSeen.get(address);
        UsbPort here = real == null ? null : UsbPort.of(real, files).orElse(null);
        boolean isLink = real != null && !real.equals(address);
        boolean isSettled = real != null && (isLink || before == null || (here != null && isSame(before, here)));
        if (!isSettled && before != null && !address.startsWith(BY_SOCKET)) {
            Optional<String> elsewhere = whereIs(before);
            if (elsewhere.isPresent()) {
                substitutes.remove(address);
                return elsewhere.get();
            }
            if (here != null && (isNew(address, here) || isMeantByAnother(address, here))) {
                throw new NoSuchFileException(
                        address, null, "another device has that name now, and the one that had it is not there");
            }
        }
        substitutes.remove(address);
        if (real == null) {
            throw new NoSuchFileException(address);
        }
        if (here != null) {
            lastSeen.put(address, here);
        }
        return real;
    }

    private @Nullable String realPath(String address) throws IOException {
        try {
            return files.realPath(address);
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /** Unless there are two of them: then nobody knows which it was. */
    private Optional<String> whereIs(UsbPort before) throws IOException {
        List<String> names = files.names(TTYS).stream()
                .filter(name -> UsbPort.at(TTYS + "/" + name, files)
                        .filter(port -> isSame(before, port))
                        .isPresent())
                .toList();
        return names.size() == 1 ? Optional.ofNullable(realPath("/dev/" + names.get(0))) : Optional.empty();
    }

    private boolean isNew(String address, UsbPort here) {
        long nowNanos = nanoTime.getAsLong();
        Substitute substitute = substitutes.compute(
                address,
                (same, known) -> known != null && isSame(known.port(), here) ? known : new Substitute(here, nowNanos));
        return nowNanos - substitute.sinceNanos() < GRACE_NANOS;
    }

    /** As when several devices come back one by one: to take the first that comes would be to take it from the link that waits for it. */
    private boolean isMeantByAnother(String address, UsbPort here) {
        return lastSeen.entrySet().stream()
                .anyMatch(other -> !other.getKey().equals(address) && isSame(other.getValue(), here));
    }

    private static boolean isSame(UsbPort before, UsbPort now) {
        return before.identity() == null
                ? now.identity() == null && before.place().equals(now.place())
                : before.identity().equals(now.identity());
    }
}
