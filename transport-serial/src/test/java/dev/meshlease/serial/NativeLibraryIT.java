package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How the native part is loaded, in JVMs of its own. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class NativeLibraryIT {
    @TempDir
    private Path folder;

    /** Opens what is no serial port, and prints why that failed: only a library that is loaded can tell. */
    static final class Program {
        public static void main(String[] args) {
            try {
                JSerialCommPorts.SYSTEM
                        .open("/dev/null", ModemLines.ASSERT_BOTH)
                        .close();
                System.out.println("opened");
            } catch (PortException e) {
                System.out.println(e.kind() + " " + e.getMessage());
            }
        }
    }

    /** Stands for jSerialComm's class: when it is initialised, it prints what is so at that moment, and has the library loaded. */
    static final class Loading {
        static {
            Path unpacked = Path.of(System.getProperty(NativeLibrary.FOLDER_PROPERTY));
            try {
                Class.forName("com.fazecast.jSerialComm.SerialPort");
                System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked)));
                System.out.println(
                        Files.readString(Path.of("/proc/self/maps")).contains(unpacked + "/")
                                ? "from there"
                                : "elsewhere");
            } catch (ReflectiveOperationException | IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Loads the library by way of that class. */
    static final class LoadingProgram {
        public static void main(String[] args) throws PortException {
            new NativeLibrary().load(Loading.class);
        }
    }

    /** The same twice, and makes the folder for it in between. */
    static final class Persistent {
        public static void main(String[] args) throws IOException {
            Program.main(args);
            Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir")));
            Program.main(args);
        }
    }

    private Process java(String... options) throws IOException {
        return java(Program.class, options);
    }

    private Process java(Class<?> program, String... options) throws IOException {
        return start(command(program, options));
    }

    /** Without a mask that would hide what others may do with its files. */
    private List<String> command(Class<?> program, String... options) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "umask 0; exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.io.tmpdir=" + folder);
        command.add("-Duser.home=" + folder);
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        return command;
    }

    /** With a folder, noexec, that programs must not be run from. */
    private Process withoutExecution(List<String> command) throws IOException {
        Path noexec = Files.createDirectories(folder.resolve("noexec"));
        List<String> mounted = new ArrayList<>(List.of("sh", "-c"));
        mounted.add(
                "unshare -rm sh -c 'mount -t tmpfs -o noexec none " + noexec + " && exec \"$@\"' sh \"$@\" || true");
        mounted.add("sh");
        mounted.addAll(command);
        return start(mounted);
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String output(Process program) throws Exception {
        try {
            String text = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).as(text).isZero();
            return text;
        } finally {
            program.destroy();
        }
    }

    private List<String> leftOvers() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    @Test
    void programs_that_start_together_all_load_it_and_leave_nothing_behind() throws Exception {
        List<Process> programs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            programs.add(java());
        }
        for (Process program : programs) {
            assertThat(output(program)).contains("FAILED /dev/null cannot be opened");
        }
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void the_folder_it_is_loaded_from_is_for_this_user_only() throws Exception {
        assertThat(output(java(LoadingProgram.class))).contains("rwx------\nfrom there\n");
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void a_library_that_cannot_be_unpacked_is_told_with_what_to_do() throws Exception {
        String text = output(java("-Djava.io.tmpdir=/proc/none"));
        assertThat(text)
                .contains("UNAVAILABLE serial ports cannot be used")
                .contains("--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir", "-DjSerialComm.library.path");
    }

    @Test
    void what_could_not_be_unpacked_is_unpacked_later() throws Exception {
        String text = output(java(Persistent.class, "-Djava.io.tmpdir=" + folder.resolve("later")));
        assertThat(text).containsSubsequence("UNAVAILABLE serial ports", "FAILED /dev/null cannot be opened");
    }

    /** Where programs must not be run from the folder, jSerialComm unpacks it again, for good, to one of its own. */
    @Test
    void a_library_that_is_loaded_from_elsewhere_leaves_nothing_behind_either() throws Exception {
        assumeThat(output(withoutExecution(List.of("echo", "mounted"))))
                .as("this user may mount a file system")
                .isEqualTo("mounted\n");
        String text = output(withoutExecution(command(Program.class, "-Djava.io.tmpdir=" + folder.resolve("noexec"))));
        assertThat(text).contains("FAILED /dev/null cannot be opened");
        assertThat(leftOvers()).isEmpty();
    }

    /** Left to itself, jSerialComm ends the program. */
    @Test
    void a_system_that_it_does_not_know_is_told() throws Exception {
        assertThat(output(java("-Dos.name=AIX")))
                .contains("UNAVAILABLE serial ports cannot be used", "it is not made for aix");
    }

    @Test
    @EnabledForJreRange(minVersion = 24)
    void so_is_native_access_that_is_refused() throws Exception {
        String text = output(java("--illegal-native-access=deny"));
        assertThat(text).contains("UNAVAILABLE serial ports cannot be used", "--enable-native-access=ALL-UNNAMED");
    }
}
