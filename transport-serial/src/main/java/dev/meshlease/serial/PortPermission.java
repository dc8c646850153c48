package dev.meshlease.serial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/** What to tell a user who may not open a port. */
final class PortPermission {
    private PortPermission() {}

    /** Whether this user may read and write it, as the system says before it is opened. */
    static boolean isGranted(String path) {
        Path device = Path.of(path);
        return Files.isReadable(device) && Files.isWritable(device);
    }

    /** Says whose it is, and which group to join. */
    static String refused(String path) {
        try {
            PosixFileAttributes device = Files.readAttributes(Path.of(path), PosixFileAttributes.class);
            return refused(
                    path,
                    device.owner().getName(),
                    device.group().getName(),
                    device.permissions().contains(PosixFilePermission.GROUP_WRITE),
                    PosixFilePermissions.toString(device.permissions()));
        } catch (IOException | UnsupportedOperationException unknown) {
            return path + " must not be opened by this user";
        }
    }

    static String refused(String path, String owner, String group, boolean isForGroup, String permissions) {
        boolean helps = isForGroup && !group.equals("root");
        return path + " must not be opened by this user: it belongs to " + owner + ", group " + group + " ("
                + permissions + "). "
                + (helps
                        ? "Join the group, 'sudo usermod -aG " + group + " $USER', and log in anew"
                        : "Have its group changed by a udev rule to one that you are in");
    }
}
