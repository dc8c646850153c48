package dev.meshlease.internal.machine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs of two users, and of users with habits of their own. */
@EnabledOnOs(OS.LINUX)
@Timeout(120) // Children are read from, which knows no time limit.
class ClaimsOfOtherUsersTest {
    private static final long PID = ProcessHandle.current().pid();
    private static final ClaimHolder SELF =
            new ClaimHolder("attic", PID, "test", List.of("bot"), Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path place;

    private final Environment environment = Environment.system();
    private final Loop loop = environment.newLoop("test-loop");
    private Path folder;
    private Path lock;

    @BeforeEach
    void open() throws IOException {
        folder = OtherUser.publicFolder(place).resolve("claims");
        lock = folder.resolve(FileNames.of(Claimer.KEY));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private ClaimAnswer asked() {
        return MachineClaims.in(folder, environment.helpers(), loop)
                .claim(Claimer.KEY, SELF, Claimer.DEAF)
                .toCompletableFuture()
                .orTimeout(20, SECONDS)
                .join();
    }

    private Claim granted() {
        return ((ClaimAnswer.Granted) asked()).claim();
    }

    private static void release(Claim claim) {
        claim.release().toCompletableFuture().orTimeout(20, SECONDS).join();
    }

    private static String permissions(Path file) throws IOException {
        return Integer.toOctalString(Inode.of(file).mode() & 07777);
    }

    @Test
    void a_program_of_another_user_is_refused_until_the_first_ones_claim_is_released() throws IOException {
        assumeThat(OtherUser.isPossible()).isTrue();
        Claim claim = granted();
        try (OtherUser nobody = OtherUser.nobody(place, folder)) {
            assertThat(nobody.said).isEqualTo("refused by process " + PID + " (test) on attic for [bot]");
            assertThat(nobody.saidOfAnother).isEqualTo("granted");
            assertThat(nobody.described).isEqualTo(folder.toRealPath() + ", for all users of this machine");
        }
        release(claim);
        try (OtherUser nobody = OtherUser.nobody(place, folder)) {
            assertThat(nobody.said).isEqualTo("granted");
        }
    }

    @Test
    void what_another_user_has_claimed_is_refused_to_us_until_its_program_is_killed() throws IOException {
        assumeThat(OtherUser.isPossible()).isTrue();
        Files.createDirectory(folder);
        Files.setAttribute(folder, "unix:mode", 01777);
        try (OtherUser nobody = OtherUser.nobody(place, folder)) {
            assertThat(nobody.said).isEqualTo("granted");
            assertThat(Inode.of(lock).owner()).isEqualTo(OtherUser.NOBODY);
            assertThat(((ClaimAnswer.Refused) asked()).by().process())
                    .isEqualTo("process " + nobody.process.pid() + " (claimer) on attic");
            nobody.kill();
        }
        Claim claim = granted(); // His lock file and his note are still there, and not ours to replace.
        try (OtherUser nobody = OtherUser.nobody(place, folder)) {
            assertThat(nobody.said).isEqualTo("refused by process " + PID + " (test) on attic for [bot]");
        }
        release(claim);
    }

    @Test
    void a_folder_of_another_user_is_not_trusted_by_either() throws IOException {
        assumeThat(OtherUser.isPossible()).isTrue();
        Files.createDirectory(folder);
        Files.setAttribute(folder, "unix:mode", 0755);
        try (OtherUser nobody = OtherUser.nobody(place, folder)) {
            assertThat(nobody.said).isEqualTo("failed: no permission for " + firstProbe(nobody.said));
        }
        Files.setAttribute(folder, "unix:uid", OtherUser.NOBODY);
        MachineClaims claims = MachineClaims.in(folder, environment.helpers(), loop);
        assertThat(claims.claim(Claimer.KEY, SELF, Claimer.DEAF).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining(folder.toRealPath() + " belongs to user 65534, neither to root nor to user 0");
        assertThat(claims.describe()).startsWith("none (").endsWith("; other programs are not excluded");
    }

    /** Its name is random. */
    private String firstProbe(String said) throws IOException {
        String file = said.substring(said.lastIndexOf(' ') + 1);
        assertThat(Path.of(file).getParent()).isEqualTo(folder.toRealPath());
        return file;
    }

    @Test
    void what_another_user_has_put_in_place_of_a_lock_file_is_not_followed_and_his_own_plain_file_does_no_harm()
            throws IOException {
        assumeThat(OtherUser.isPossible()).isTrue();
        Files.createDirectory(folder);
        Files.setAttribute(folder, "unix:mode", 01777);
        Path secret = Files.writeString(place.resolve("secret"), "gold");
        Files.createSymbolicLink(lock, secret);
        Files.setAttribute(lock, "unix:uid", OtherUser.NOBODY, LinkOption.NOFOLLOW_LINKS);
        assertThat(MachineClaims.in(folder, environment.helpers(), loop)
                        .claim(Claimer.KEY, SELF, Claimer.DEAF)
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("is a symbolic link");
        assertThat(secret).hasContent("gold");

        Files.delete(lock);
        Files.writeString(lock, "mine");
        Files.setAttribute(lock, "unix:mode", 0666);
        Files.setAttribute(lock, "unix:uid", OtherUser.NOBODY);
        release(granted());
        assertThat(lock).hasContent("mine");
    }

    @Test
    void a_umask_that_keeps_others_out_does_not_keep_them_from_the_claims() throws IOException {
        try (OtherUser careful = OtherUser.withUmask(place, "077", folder)) {
            assertThat(careful.said).isEqualTo("granted");
            assertThat(permissions(folder)).isEqualTo("1777");
            assertThat(permissions(lock)).isEqualTo("666");
            try (var notes = Files.newDirectoryStream(folder, "*.holder")) {
                for (Path note : notes) {
                    assertThat(permissions(note)).isEqualTo("644");
                }
            }
            assertThat(((ClaimAnswer.Refused) asked()).by().pid()).isEqualTo(careful.process.pid());
        }
    }

    @Test
    void where_there_is_no_shared_folder_it_is_said_once() throws IOException {
        Path file = Files.createFile(place.resolve("file"));
        try (OtherUser alone = OtherUser.withUmask(place, "022", file, place.resolve("nowhere/claims"))) {
            assertThat(alone.said).isEqualTo("granted");
            assertThat(alone.saidOfAnother).isEqualTo("granted");
            assertThat(alone.described)
                    .isEqualTo("none (" + file.toRealPath() + " is no folder; " + place.resolve("nowhere")
                            + " does not exist); other programs are not excluded");
            assertThat(Files.readString(place.resolve("errors.txt")).lines().filter(line -> line.contains(" WARN ")))
                    .singleElement()
                    .asString()
                    .contains("Links are not claimed from all programs of this machine. Claims: none (");
        }
    }
}
