package dev.meshlease.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.LinkKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class HolderNotesTest {
    private static final LinkKey KEY = new LinkKey("tcp", "10.0.0.7:4403");
    private static final String NAME = FileNames.of(KEY);
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
    private static final ClaimHolder BOT = new ClaimHolder("attic", 4711, "bot.jar", List.of("echo", "map"), SINCE);

    @TempDir
    Path parent;

    private ClaimFolder folder;
    private HolderNotes notes;

    @BeforeEach
    void open() throws IOException {
        folder = ClaimFolder.given(parent.resolve("claims"));
        notes = new HolderNotes(folder, NAME);
    }

    private Path file() {
        return folder.path().resolve(NAME + "." + folder.user() + ".holder");
    }

    @Test
    void what_was_written_is_read() throws IOException {
        notes.write(KEY, BOT);
        assertThat(notes.read()).containsExactly(BOT);
        assertThat(Inode.of(file()).mode() & 07777).isEqualTo(0644);

        notes.delete();
        assertThat(notes.read()).isEmpty();
        try (var rest = Files.list(folder.path())) {
            assertThat(rest).isEmpty();
        }
    }

    @Test
    void writing_replaces_a_symbolic_link_and_not_what_it_leads_to() throws IOException {
        Path treasure = Files.writeString(parent.resolve("treasure"), "gold");
        Files.createSymbolicLink(file(), treasure);

        assertThat(notes.read()).isEmpty(); // nor is it followed
        notes.write(KEY, BOT);
        assertThat(treasure).hasContent("gold");
        assertThat(notes.read()).containsExactly(BOT);
    }

    @Test
    void notes_of_other_keys_and_users_are_told_apart() throws IOException {
        notes.write(KEY, BOT);
        new HolderNotes(folder, FileNames.of(new LinkKey("tcp", "10.0.0.7:4404"))).write(KEY, BOT);
        Files.writeString(
                folder.path().resolve(NAME + ".1.holder"),
                "meshlease claim 1\npid: 12\nprogram: cron\nunknown: line\n");
        assertThat(notes.read())
                .containsExactlyInAnyOrder(BOT, new ClaimHolder("", 12, "cron", List.of(), ClaimHolder.UNKNOWN_SINCE));
    }

    @Test
    void garbage_is_no_note() throws IOException {
        for (String garbage : List.of("", "\0\1\2", "meshlease claim 1", "meshlease claim 1\npid: -3", "pid: 5\n")) {
            Files.writeString(file(), garbage);
            assertThat(notes.read()).as(garbage).isEmpty();
        }
        Files.writeString(file(), "meshlease claim 1\npid: 5\nsince: yesterday\nprogram: a\u001b[31mb\n");
        assertThat(notes.read())
                .containsExactly(new ClaimHolder("", 5, "a?[31mb", List.of(), ClaimHolder.UNKNOWN_SINCE));
    }

    @Test
    void holders_cannot_forge_lines_and_are_bounded() throws IOException {
        List<String> many = Collections.nCopies(1_000, "x\npid: 1" + "y".repeat(500));
        notes.write(KEY, new ClaimHolder("attic", 4711, "bot", many, SINCE));
        ClaimHolder read = notes.read().get(0);
        assertThat(read.pid()).isEqualTo(4711);
        assertThat(read.holders())
                .hasSize(64)
                .allMatch(holder -> holder.startsWith("x?pid: 1y") && holder.length() == 120);
    }

    @Test
    void only_a_process_that_can_have_the_lock_is_believed() {
        long self = ProcessHandle.current().pid();
        ClaimHolder mine = new ClaimHolder("attic", self, "alive", List.of(), SINCE);
        ClaimHolder elsewhere = new ClaimHolder("container", 4711, "inside", List.of(), SINCE);
        ClaimHolder dead = new ClaimHolder("attic", Integer.MAX_VALUE, "killed", List.of(), SINCE.plusSeconds(9));
        OptionalLong unknown = OptionalLong.empty();

        assertThat(Witnesses.believe(List.of(dead), unknown, "attic", 0)).isEmpty();
        assertThat(Witnesses.believe(List.of(dead, mine), unknown, "attic", 0)).contains(mine);
        assertThat(Witnesses.believe(List.of(mine), unknown, "attic", self)).isEmpty();
        assertThat(Witnesses.believe(List.of(elsewhere), unknown, "attic", self))
                .contains(elsewhere);
        assertThat(Witnesses.believe(List.of(dead, elsewhere, mine), OptionalLong.of(self), "attic", 0))
                .contains(mine);
    }

    @Test
    void the_kernels_table_is_read_by_device_and_number() {
        Inode file = new Inode(0100666, 0, 0xfe00, 2155506, 1);
        List<String> table = List.of(
                "1: FLOCK  ADVISORY  WRITE 28517 fe:00:2155506 0 EOF",
                "2: POSIX  ADVISORY  WRITE 11 fe:01:2155506 0 EOF",
                "3: POSIX  ADVISORY  WRITE 4711 fe:00:2155506 0 EOF",
                "3: -> POSIX  ADVISORY  WRITE 12 fe:00:2155506 0 EOF");
        assertThat(KernelLocks.holder(file, table)).hasValue(4711);
        assertThat(KernelLocks.holder(file, table.subList(0, 2))).isEmpty();
        assertThat(KernelLocks.holder(file, List.of("", "nonsense"))).isEmpty();
    }

    @Test
    void keys_have_names_of_their_own_that_a_person_can_read() {
        assertThat(NAME).startsWith("tcp-10.0.0.7-4403-").endsWith(".lock");
        assertThat(FileNames.of(new LinkKey("tcp", "10.0.0.7-4403"))).isNotEqualTo(NAME);
        assertThat(FileNames.of(new LinkKey("serial", "/../" + "x".repeat(5_000))))
                .hasSizeLessThan(100)
                .doesNotContain("/");
    }
}
