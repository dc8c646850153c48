package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Loss;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a port cannot be opened, in words that say what to do. */
class OpenFailureTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "2, NO_SUCH_DEVICE, is the device plugged in?",
        "11, BUSY, another program has it open",
        "35, BUSY, fuser /dev/none",
        "16, BUSY, ModemManager",
        "13, NOT_PERMITTED, must not be opened by this user",
        "6, NO_SUCH_DEVICE, is the device plugged in?",
        "19, NO_SUCH_DEVICE, is the device plugged in?",
        "5, FAILED, just unplugged",
        "25, FAILED, no serial port",
        "77, FAILED, error 77",
    })
    void by_the_numbers_of_posix(int code, Loss.Kind kind, String words) {
        PortException failure = OpenFailure.onPosix("/dev/none", code);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("/dev/none").hasMessageContaining(words);
        assertThat(failure.loss().error()).isSameAs(failure);
    }

    /** With the same number jSerialComm says that there is no such file. */
    @Test
    void what_is_there_is_had_by_this_program() throws Exception {
        String device = Files.createFile(folder.resolve("device")).toString();
        PortException failure = OpenFailure.onPosix(device, 2);
        assertThat(failure.kind()).isEqualTo(Loss.Kind.BUSY);
        assertThat(failure).hasMessageContaining("this program has it open");
    }

    @ParameterizedTest
    @CsvSource({
        "2, NO_SUCH_DEVICE, is the device plugged in?",
        "5, BUSY, another program",
        "31, NO_SUCH_DEVICE, is the device plugged in?",
        "87, FAILED, error 87"
    })
    void by_the_numbers_of_windows(int code, Loss.Kind kind, String words) {
        PortException failure = OpenFailure.onWindows("COM3", code);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("COM3").hasMessageContaining(words);
    }

    @Test
    void tells_the_first_reason_why_the_library_does_not_load() {
        String all =
                "Cannot load native library. Errors as follows:\n[1]: not executable\n[2]: Loading for arch: x86\n";
        assertThat(NativeLibrary.unavailable(new UnsatisfiedLinkError(all)))
                .hasMessageContaining("does not load (UnsatisfiedLinkError: not executable). From Java 24 on");
        assertThat(NativeLibrary.unavailable(new UnsatisfiedLinkError()))
                .hasMessageContaining("does not load (UnsatisfiedLinkError: null).");
    }

    @Test
    void names_the_group_to_join() {
        assertThat(PortPermission.refused("/dev/ttyUSB0", "root", "dialout", true, "rw-rw----"))
                .isEqualTo(
                        "/dev/ttyUSB0 must not be opened by this user: it belongs to root, group dialout (rw-rw----)."
                                + " Join the group, 'sudo usermod -aG dialout $USER', and log in anew");
        assertThat(PortPermission.refused("/dev/ttyUSB0", "root", "root", true, "rw-rw----"))
                .contains("udev rule")
                .doesNotContain("usermod");
        assertThat(PortPermission.refused("/dev/ttyUSB0", "root", "dialout", false, "rw-------"))
                .contains("udev rule");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void names_who_has_locked_it() throws Exception {
        Path device = Files.createFile(folder.resolve("device"));
        Path proc = Files.createDirectories(folder.resolve("proc/77")).getParent();
        Files.writeString(proc.resolve("77/comm"), "pico\u0007com\n");
        long inode = ((Number) Files.getAttribute(device, "unix:ino", LinkOption.NOFOLLOW_LINKS)).longValue();
        var numbers = DeviceFiles.Numbers.of(((Number) Files.getAttribute(device, "unix:dev")).longValue());
        String place = String.format("%02x:%02x:%d", numbers.major(), numbers.minor(), inode);
        PortUsers users = new PortUsers(proc);

        assertThat(users.lockedBy(device.toString())).as("nothing is shown").isNull();
        Files.writeString(proc.resolve("locks"), """
                1: POSIX  ADVISORY  WRITE 76 %s 0 EOF
                2: FLOCK  ADVISORY  WRITE 75 fe:00:1 0 EOF
                nonsense
                3: FLOCK  ADVISORY  WRITE 77 %s 0 EOF
                """.formatted(place, place));
        assertThat(users.lockedBy(device.toString())).isEqualTo("pico?com (process 77)");
        assertThat(users.describe(device.toString())).isEqualTo("pico?com (process 77)");
        assertThat(users.lockedBy(folder + "/none")).isNull();

        long own = ProcessHandle.current().pid();
        Files.writeString(proc.resolve("locks"), "1: FLOCK  ADVISORY  WRITE " + own + " " + place + " 0 EOF\n");
        assertThat(users.lockedBy(device.toString())).isEqualTo("this program");
        Files.writeString(proc.resolve("locks"), "1: FLOCK  ADVISORY  WRITE 0 " + place + " 0 EOF\n");
        assertThat(users.lockedBy(device.toString())).contains("container");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void names_who_has_it_open_without_a_lock() throws Exception {
        Path proc = folder.resolve("proc");
        for (int pid = 1; pid < 9; pid++) {
            Path files = Files.createDirectories(proc.resolve(pid + "/fd"));
            Files.createSymbolicLink(files.resolve("0"), Path.of(pid > 4 ? "/dev/none" : "/dev/null"));
            Files.writeString(proc.resolve(pid + "/comm"), "cat" + pid + "\n");
        }
        Files.createSymbolicLink(proc.resolve("self"), Path.of("1"));
        String shown = new PortUsers(proc).describe("/dev/none");
        assertThat(shown).contains("cat", "(process ").doesNotContain("cat1 ", "cat4 ");
        assertThat(shown.split(", ")).hasSize(3);
        assertThat(new PortUsers(folder).describe("/dev/none")).isEmpty();
    }
}
