package dev.meshlease.internal.machine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class MachineClaimsTest {
    private static final LinkKey KEY = new LinkKey("tcp", "10.0.0.7:4403");
    private static final ClaimHolder SELF = new ClaimHolder(
            "attic", ProcessHandle.current().pid(), "test", List.of("bot"), Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path parent;

    private final AtomicReference<String> lost = new AtomicReference<>();
    private final ClaimListener listener = new ClaimListener() {
        @Override
        public CompletionStage<Void> suspended(String why) {
            throw new AssertionError(why);
        }

        @Override
        public CompletionStage<Void> lost(String why) {
            lost.set(why);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void restored() {}
    };
    private final Environment environment = Environment.system();
    private final Loop loop = environment.newLoop("test-loop");
    private Path folder;
    private Path lock;
    private MachineClaims claims;

    @BeforeEach
    void open() {
        folder = parent.resolve("claims");
        lock = folder.resolve(FileNames.of(KEY));
        claims = MachineClaims.in(folder, environment.helpers(), loop);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private CompletableFuture<ClaimAnswer> asked() {
        return claims.claim(KEY, SELF, listener).toCompletableFuture();
    }

    private Claim granted() {
        return ((ClaimAnswer.Granted) asked().orTimeout(20, SECONDS).join()).claim();
    }

    private ClaimHolder refused() {
        return ((ClaimAnswer.Refused) asked().orTimeout(20, SECONDS).join()).by();
    }

    private static void release(Claim claim) {
        claim.release().toCompletableFuture().orTimeout(20, SECONDS).join();
    }

    /** Another program that has tried to lock the file, and goes on until it is closed. */
    private static final class Other implements AutoCloseable {
        final Process process;
        final String said;

        Other(Path lock) throws IOException {
            process = Locker.start(lock);
            BufferedReader output = process.inputReader();
            said = output.readLine();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly().onExit().orTimeout(20, SECONDS).join();
        }
    }

    @Test
    void a_claim_keeps_other_programs_off_until_it_is_released() throws IOException {
        Claim claim = granted();
        try (Other other = new Other(lock)) {
            assertThat(other.said).isEqualTo("refused");
        }
        assertThat(new HolderNotes(ClaimFolder.given(folder), FileNames.of(KEY)).read())
                .containsExactly(SELF);

        release(claim);
        try (Other other = new Other(lock)) {
            assertThat(other.said).isEqualTo("locked");
        }
        assertThat(new HolderNotes(ClaimFolder.given(folder), FileNames.of(KEY)).read())
                .isEmpty();
    }

    @Test
    void asking_again_in_this_jvm_waits_for_the_release_and_does_not_lose_the_lock() throws IOException {
        Claim first = granted();
        CompletableFuture<ClaimAnswer> second = asked();
        try (Other other = new Other(lock)) {
            assertThat(other.said).isEqualTo("refused");
        }
        assertThat(second).isNotDone();

        release(first);
        Claim claim = ((ClaimAnswer.Granted) second.orTimeout(20, SECONDS).join()).claim();
        try (Other other = new Other(lock)) {
            assertThat(other.said).isEqualTo("refused");
        }
        release(claim);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_holder_without_a_note_is_named_by_the_kernel_and_its_death_frees_the_claim() throws IOException {
        ClaimFolder.given(folder);
        Files.createFile(lock);
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-rw-rw-"));
        // A stale note: of a process that is not the holder.
        Files.writeString(folder.resolve(FileNames.of(KEY) + ".77.holder"), "meshlease claim 1\nhost: attic\npid: 1\n");
        try (Other other = new Other(lock)) {
            assertThat(other.said).isEqualTo("locked");
            assertThat(refused())
                    .isEqualTo(new ClaimHolder(
                            "attic", other.process.pid(), "java", List.of(), ClaimHolder.UNKNOWN_SINCE));
        }
        release(granted());
    }

    private static void eventually(Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + SECONDS.toNanos(20);
        while (!holds.call()) {
            assertThat(System.nanoTime() - end).as("too late").isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    void who_holds_it_is_told_anew() throws Exception {
        Claim claim = granted();
        ClaimHolder more = new ClaimHolder("attic", SELF.pid(), "test", List.of("bot", "map"), SELF.since());
        claim.describe(SELF);
        claim.describe(more);
        HolderNotes notes = new HolderNotes(ClaimFolder.given(folder), FileNames.of(KEY));
        eventually(() -> notes.read().equals(List.of(more)));
        release(claim);
        claim.describe(SELF); // too late: nothing is written any more
        release(granted());
        assertThat(notes.read()).isEmpty();
    }

    @Test
    void holders_that_come_while_one_is_being_written_down_take_no_further_thread() throws Exception {
        AtomicInteger tasks = new AtomicInteger();
        AtomicReference<Thread> latest = new AtomicReference<>();
        Executor counting = task -> {
            tasks.incrementAndGet();
            environment.helpers().execute(() -> {
                latest.set(Thread.currentThread());
                task.run();
            });
        };
        claims = MachineClaims.in(folder, counting, loop);
        HeldClaim claim = (HeldClaim) granted();
        int before = tasks.get();
        synchronized (claim) { // So the one that writes has to wait.
            latest.set(null);
            claim.describe(SELF);
            eventually(() -> latest.get() != null && latest.get().getState() == Thread.State.BLOCKED);
            claim.describe(SELF);
            claim.describe(SELF);
        }
        assertThat(tasks).hasValue(before + 1);
        release(claim);
    }

    @Test
    void a_lock_file_that_leads_elsewhere_is_not_followed() throws IOException {
        ClaimFolder.given(folder);
        Path treasure = Files.writeString(parent.resolve("treasure"), "gold");
        Files.createSymbolicLink(lock, treasure);
        assertThatThrownBy(this::granted).hasMessageContaining("is a symbolic link");

        Files.delete(lock);
        Files.createLink(lock, treasure);
        assertThatThrownBy(this::granted).hasMessageContaining("has another name besides");

        Files.delete(lock);
        Files.createDirectory(lock);
        assertThatThrownBy(this::granted).hasMessageContaining("is no plain file");
        assertThat(treasure).hasContent("gold");

        Files.delete(lock);
        release(granted());
    }

    @Test
    void a_lock_file_that_somebody_deletes_is_a_lost_claim() throws IOException {
        HeldClaim claim = (HeldClaim) granted();
        claim.look();
        assertThat(lost).hasNullValue();

        Files.delete(lock);
        claim.look();
        assertThat(lost).hasValue("somebody has deleted its lock file");
        release(granted());
    }

    @Test
    void a_folder_of_the_users_that_cannot_be_used_grants_nothing_and_says_why() throws IOException {
        Files.createSymbolicLink(folder, parent);
        assertThatThrownBy(this::granted).hasMessageContaining("is a symbolic link");
        assertThat(claims.describe()).startsWith("none (").endsWith("; other programs are not excluded");

        Files.delete(folder);
        release(granted());
        assertThat(claims.describe()).isEqualTo(folder.toRealPath() + ", for all users of this machine");
    }

    @Test
    void where_users_cannot_share_a_folder_each_has_his_own_and_that_is_told() throws IOException {
        Path own = Files.createDirectory(
                parent.resolve("own"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        claims = new MachineClaims(new Falling(() -> ClaimFolder.given(own)), environment.helpers(), loop);
        assertThat(claims.describe()).isEqualTo("not looked for yet, there was no link");
        release(granted());
        assertThat(own.resolve(FileNames.of(KEY))).exists();
        assertThat(claims.describe())
                .isEqualTo(own.toRealPath()
                        + ", for programs of this user; other users are not excluded (it belongs to a stranger)");
    }

    @Test
    void where_there_is_no_folder_at_all_links_are_made_all_the_same_and_that_is_told() {
        claims = new MachineClaims(
                new Falling(() -> {
                    throw new UnsafeFileException("no home");
                }),
                environment.helpers(),
                loop);
        release(granted());
        release(granted());
        assertThat(claims.describe())
                .isEqualTo("none (it belongs to a stranger; no home); other programs are not excluded");
    }

    /** A machine whose shared folder is not safe. */
    private record Falling(MachineClaims.Folders otherwise) implements MachineClaims.Folders {
        @Override
        public ClaimFolder find() throws IOException {
            throw new UnsafeFileException("it belongs to a stranger");
        }
    }
}
