package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Sighting;
import dev.meshlease.spi.Stranger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On a {@code /proc} that the test has made. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class PortLookoutTest {
    private static final String PORT = "/dev/ttyUSB0";
    private static final long OWN = 100;

    @TempDir
    private Path proc;

    private final OwnPorts own = new OwnPorts();
    private int files;

    @BeforeEach
    void make() throws IOException {
        process(OWN, "java");
        Files.createSymbolicLink(proc.resolve("self"), Path.of(Long.toString(OWN)));
        has(OWN, "/dev/null");
    }

    private void process(long pid, String program) throws IOException {
        Files.createDirectories(proc.resolve(pid + "/fd"));
        Files.writeString(proc.resolve(pid + "/comm"), program + "\n", StandardCharsets.UTF_8);
    }

    private void has(long pid, String target) throws IOException {
        Files.createSymbolicLink(proc.resolve(pid + "/fd/" + files++), Path.of(target));
    }

    private List<Stranger> look() {
        return look(PORT);
    }

    private List<Stranger> look(String path) {
        Sighting seen = new PortLookout(path, new PortUsers(proc), own, () -> true).look();
        assertThat(seen).isInstanceOf(Sighting.Seen.class);
        return ((Sighting.Seen) seen).strangers();
    }

    @Test
    void sees_who_has_the_port_open_and_nobody_else() throws IOException {
        process(77, "cat");
        has(77, "/dev/null");
        has(77, PORT);
        has(77, PORT);
        process(78, "picocom");
        has(78, "/dev/ttyUSB1");
        has(78, PORT + "0");
        has(78, PORT + " (deleted)");
        OptionalLong user = OptionalLong.of(((Number) Files.getAttribute(proc, "unix:uid")).longValue());
        assertThat(look()).containsExactly(new Stranger(OptionalLong.of(77), user, "cat", "", PORT));
        assertThat(look("/dev/ttyS9")).isEmpty();
    }

    @Test
    void the_transports_own_port_is_none_but_a_second_one_is() throws IOException {
        has(OWN, PORT);
        assertThat(own.take(PORT)).isTrue();
        assertThat(look()).isEmpty();
        has(OWN, PORT);
        assertThat(look()).singleElement().satisfies(stranger -> {
            assertThat(stranger.pid()).hasValue(ProcessHandle.current().pid());
            assertThat(stranger.command()).isEqualTo("java");
        });
    }

    /** It has them, by the same numbers, until it has closed them. */
    @Test
    void who_is_just_being_started_by_this_program_has_only_inherited_the_port() throws IOException {
        has(OWN, PORT);
        Path same = Path.of("fd", Integer.toString(files - 1));
        assertThat(own.take(PORT)).isTrue();
        process(77, "jspawnhelper");
        Files.createSymbolicLink(proc.resolve("77").resolve(same), Path.of(PORT));
        Files.writeString(proc.resolve("77/stat"), "77 (jspawn) S 1 helper) S " + OWN + " 1 1 0");
        assertThat(look()).isEmpty();
        has(77, PORT);
        assertThat(look()).as("one of its own").extracting(Stranger::command).containsExactly("jspawnhelper");
        process(78, "cat");
        Files.createSymbolicLink(proc.resolve("78").resolve(same), Path.of(PORT));
        Files.writeString(proc.resolve("78/stat"), "78 (cat) S 1 1 1 0");
        assertThat(look()).as("somebody else's").hasSize(2);
    }

    @Test
    void what_this_program_has_open_while_the_transport_has_not_is_past_the_library() throws IOException {
        has(OWN, PORT);
        assertThat(own.take("/dev/ttyUSB1")).isTrue();
        assertThat(look()).hasSize(1);
    }

    /** It may open a port for a moment, or be about to close it. */
    @Test
    void while_the_driver_is_at_work_this_program_is_not_judged_but_others_are() throws IOException {
        has(OWN, PORT);
        process(77, "cat");
        has(77, PORT);
        own.begins();
        assertThat(look()).extracting(Stranger::command).containsExactly("cat");
        own.ends();
        assertThat(look()).extracting(Stranger::command).containsExactlyInAnyOrder("cat", "java");
    }

    /** As socat does, so that it stays when others close it. */
    @Test
    void who_is_at_the_other_end_of_a_pseudo_terminal_takes_nothing_away() throws IOException {
        process(77, "socat");
        has(77, "/dev/pts/9999");
        has(77, "/dev/ptmx");
        process(78, "cat");
        has(78, "/dev/pts/9999");
        assertThat(look("/dev/pts/9999")).extracting(Stranger::command).containsExactly("cat");
    }

    @Test
    void names_are_fit_for_a_log() throws IOException {
        process(77, "\u001b[31m" + "x".repeat(10_000));
        has(77, PORT);
        Files.createDirectories(proc.resolve("78/comm"));
        Files.createDirectories(proc.resolve("78/fd"));
        has(78, PORT);
        assertThat(look()).extracting(Stranger::command).containsExactlyInAnyOrder("?[31m" + "x".repeat(35), "");
    }

    @Test
    void garbage_is_passed_over_and_nothing_is_opened() throws Exception {
        Files.createDirectories(proc.resolve("12monkeys/fd"));
        Files.createSymbolicLink(proc.resolve("12monkeys/fd/0"), Path.of(PORT));
        Files.createDirectories(proc.resolve("99999999999999999999/fd"));
        Files.createSymbolicLink(proc.resolve("99999999999999999999/fd/0"), Path.of(PORT));
        Files.writeString(proc.resolve("5"), "no folder");
        Files.createDirectories(proc.resolve("6"));
        Files.writeString(proc.resolve("6/fd"), "no folder");
        Path pipe = proc.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        process(7, "reader");
        Files.writeString(proc.resolve("7/fd/plain"), PORT);
        has(7, pipe.toString());
        has(7, "loop");
        Files.createSymbolicLink(proc.resolve("7/fd/loop"), Path.of("loop"));
        assertThat(look()).isEmpty();
        assertThat(look(pipe.toString())).hasSize(1);
    }

    @Test
    void more_than_a_few_are_not_listed() throws IOException {
        for (int pid = 200; pid < 300; pid++) {
            process(pid, "cat");
            has(pid, PORT);
        }
        assertThat(look()).hasSize(16);
    }

    @Test
    void many_processes_with_many_files_take_no_longer_than_two_seconds_and_some() throws IOException {
        process(300, "hoarder");
        for (int file = 0; file < 2_000; file++) {
            has(300, "/dev/null");
        }
        has(300, PORT);
        long beginNanos = System.nanoTime();
        look();
        assertThat(System.nanoTime() - beginNanos).isLessThan(TimeUnit.SECONDS.toNanos(30));
    }

    @Test
    void where_it_is_not_shown_nobody_can_tell() throws IOException {
        process(77, "cat");
        has(77, PORT);
        Files.delete(proc.resolve("self"));
        assertThat(new PortLookout(PORT, new PortUsers(proc), own, () -> true).look())
                .isEqualTo(new Sighting.Unknown("this system does not show who has a device open"));
        assertThat(new PortLookout("COM3", new PortUsers(proc.resolve("none")), own, () -> true).look())
                .isInstanceOf(Sighting.Unknown.class);
    }

    @Test
    void where_there_is_no_time_to_look_at_all_nobody_can_tell() throws IOException {
        process(77, "cat");
        has(77, PORT);
        assertThat(new PortLookout(PORT, new PortUsers(proc, 0), own, () -> true).look())
                .isEqualTo(new Sighting.Unknown("there are too many processes to look at all of them"));
    }
}
