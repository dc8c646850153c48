package dev.meshlease.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.internal.machine.ClaimFolder.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ClaimFolderTest {
    private static final int FOLDER = 0040000;
    private static final Path PATH = Path.of("/somewhere/claims");
    private static final int ME = 1000;
    private static final int OTHER = 1001;

    @TempDir
    Path parent;

    private static Inode folder(int permissions, int owner) {
        return new Inode(FOLDER | permissions, owner, 1, 1, 2);
    }

    private static Reach judge(Inode folder, Inode parent) throws IOException {
        return ClaimFolder.judge(PATH, folder, parent, ME);
    }

    @Test
    void a_missing_one_is_made_sticky_and_open_to_all() throws IOException {
        ClaimFolder made = ClaimFolder.given(parent.resolve("claims"));

        assertThat(made.reach()).isEqualTo(Reach.ALL_USERS);
        assertThat(Inode.of(made.path()).mode()).isEqualTo(FOLDER | 01777);
        assertThat(ClaimFolder.given(parent.resolve("claims"))).isEqualTo(made);
        try (var rest = Files.list(parent)) {
            assertThat(rest).containsExactly(parent.resolve("claims"));
        }
        try (var inside = Files.list(made.path())) {
            assertThat(inside).isEmpty();
        }
    }

    @Test
    void an_own_private_one_is_for_one_user() throws IOException {
        Path own = Files.createDirectory(
                parent.resolve("own"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(ClaimFolder.given(own).reach()).isEqualTo(Reach.ONE_USER);
    }

    @Test
    void a_symbolic_link_is_refused_wherever_it_leads() throws IOException {
        Path real = ClaimFolder.given(parent.resolve("claims")).path();
        Path link = Files.createSymbolicLink(parent.resolve("link"), real);
        Path dangling = Files.createSymbolicLink(parent.resolve("dangling"), parent.resolve("nowhere"));

        for (Path each : List.of(link, dangling)) {
            assertThatThrownBy(() -> ClaimFolder.given(each))
                    .isInstanceOf(UnsafeFileException.class)
                    .hasMessageContaining("is a symbolic link");
        }
        assertThat(parent.resolve("nowhere")).doesNotExist();
    }

    @Test
    void a_file_is_no_folder() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        assertThatThrownBy(() -> ClaimFolder.given(file)).hasMessageContaining("is no folder");
    }

    @Test
    void one_that_is_open_to_all_but_not_sticky_is_refused() throws IOException {
        Path open = Files.createDirectory(parent.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> ClaimFolder.given(open)).hasMessageContaining("is open to all, and not sticky");

        Path inside = Files.createDirectory(open.resolve("inside"));
        assertThatThrownBy(() -> ClaimFolder.given(inside)).hasMessageContaining("its parent is open to all");
    }

    @Test
    void a_foreign_one_is_refused_unless_it_is_the_sticky_shared_one() throws IOException {
        Inode parent = folder(0755, 0);
        assertThatThrownBy(() -> judge(folder(0755, OTHER), parent))
                .hasMessage("/somewhere/claims belongs to user 1001, neither to root nor to user 1000");
        assertThatThrownBy(() -> judge(folder(0775, OTHER), parent)).isInstanceOf(UnsafeFileException.class);
        assertThat(judge(folder(01777, OTHER), parent)).isEqualTo(Reach.ALL_USERS);
        assertThat(judge(folder(0700, ME), parent)).isEqualTo(Reach.ONE_USER);
        assertThat(judge(folder(02770, 0), parent)).isEqualTo(Reach.GROUP);
    }

    @Test
    void the_parent_is_not_made() {
        assertThatThrownBy(() -> ClaimFolder.given(parent.resolve("a/b"))).isInstanceOf(IOException.class);
        assertThat(parent.resolve("a")).doesNotExist();
    }
}
