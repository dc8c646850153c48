package dev.meshlease.serial;

import dev.meshlease.spi.Loss;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** What the numbers mean with which systems refuse to open a port. */
final class OpenFailure {
    private static final boolean IS_WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win");

    // As in errno.h; of EAGAIN, Linux's and that of macOS. By the first, ENOENT, jSerialComm also says that this
    // process has the port.
    private static final int TAKEN_IN_PROCESS = 2;
    private static final Set<Integer> GONE = Set.of(6, 19);
    private static final Set<Integer> BUSY = Set.of(11, 35, 16);
    private static final Set<Integer> FORBIDDEN = Set.of(1, 13);
    private static final int IO_ERROR = 5;
    private static final int NO_TERMINAL = 25;

    // As in winerror.h.
    private static final Set<Integer> WINDOWS_GONE = Set.of(2, 3, 31, 433);
    private static final Set<Integer> WINDOWS_BUSY = Set.of(5, 32);

    private OpenFailure() {}

    /**
     * @param path a port that was there
     * @param code what the system said
     */
    static PortException of(String path, int code) {
        return IS_WINDOWS ? onWindows(path, code) : onPosix(path, code);
    }

    static PortException onPosix(String path, int code) {
        if (code == TAKEN_IN_PROCESS && Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)) {
            return new PortException(Loss.Kind.BUSY, path + " is busy: this program has it open, past meshlease");
        }
        if (BUSY.contains(code)) {
            return new PortException(Loss.Kind.BUSY, busy(path, PortUsers.SYSTEM.describe(path)));
        }
        if (FORBIDDEN.contains(code)) {
            return new PortException(Loss.Kind.NOT_PERMITTED, PortPermission.refused(path));
        }
        if (code == TAKEN_IN_PROCESS || GONE.contains(code)) {
            return new PortException(Loss.Kind.NO_SUCH_DEVICE, noSuchDevice(path));
        }
        String why = switch (code) {
            case IO_ERROR -> "the device does not answer; was it just unplugged?";
            case NO_TERMINAL -> "it is no serial port";
            default -> "error " + code;
        };
        return new PortException(Loss.Kind.FAILED, path + " cannot be opened: " + why);
    }

    static PortException onWindows(String path, int code) {
        if (WINDOWS_GONE.contains(code)) {
            return new PortException(Loss.Kind.NO_SUCH_DEVICE, noSuchDevice(path));
        }
        if (WINDOWS_BUSY.contains(code)) {
            return new PortException(
                    Loss.Kind.BUSY, path + " is busy: another program has it open, such as a serial monitor");
        }
        return new PortException(Loss.Kind.FAILED, path + " cannot be opened: error " + code);
    }

    /** @param who the programs that have it; blank if that is not known */
    static String busy(String path, String who) {
        return path + " is busy: "
                + (who.isBlank()
                        ? "another program has it open; look for it with 'fuser " + path
                                + "', ModemManager and serial monitors first"
                        : who + " has it open");
    }

    static String noSuchDevice(String path) {
        return "there is no " + path + "; is the device plugged in?";
    }
}
