package dev.meshlease.serial;

import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loss;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * What is looked at before a port is opened, so that nothing native is called in vain: an attempt that fails has moved the modem lines
 * before it does, and may have restarted the node of whoever has the port.
 */
final class PortGate {
    private final DeviceFiles files;
    private final SerialKeys keys;
    private final PortUsers users;
    private final boolean isWindows;

    PortGate(DeviceFiles files, SerialKeys keys, PortUsers users, boolean isWindows) {
        this.files = files;
        this.keys = keys;
        this.users = users;
        this.isWindows = isWindows;
    }

    /**
     * Checks the port at a path.
     *
     * @param claimed what has been claimed for it
     * @return the path to open, symbolic links resolved
     * @throws PortException if opening it would fail, or it is another one by now
     */
    String pass(String path, Set<LinkKey> claimed) throws PortException {
        if (isWindows) {
            return path;
        }
        String real;
        Optional<DeviceFiles.Numbers> device;
        Set<LinkKey> now;
        try {
            real = files.realPath(path);
            device = files.device(real);
            now = keys.of(real);
        } catch (IOException absent) {
            throw new PortException(Loss.Kind.NO_SUCH_DEVICE, OpenFailure.noSuchDevice(path), absent);
        }
        if (device.isEmpty()) {
            throw new PortException(Loss.Kind.NO_SUCH_DEVICE, path + " is no device, but a file");
        }
        if (!claimed.containsAll(now)) {
            throw new PortException(
                    Loss.Kind.NO_SUCH_DEVICE, "another device has come to " + path + " while it was being opened");
        }
        if (!PortPermission.isGranted(real)) {
            throw new PortException(Loss.Kind.NOT_PERMITTED, PortPermission.refused(real));
        }
        String locker = users.lockedBy(real);
        if (locker != null) {
            throw new PortException(Loss.Kind.BUSY, OpenFailure.busy(real, locker));
        }
        return real;
    }
}
