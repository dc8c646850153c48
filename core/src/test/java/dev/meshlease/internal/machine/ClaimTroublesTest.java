package dev.meshlease.internal.machine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Threads that are not to be had, and folders and files that are not what they should be. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class ClaimTroublesTest {
    private static final LinkKey KEY = Claimer.KEY;
    private static final LinkKey OTHER_KEY = new LinkKey("tcp", "10.0.0.8:4403");
    private static final ClaimHolder SELF = new ClaimHolder(
            "attic", ProcessHandle.current().pid(), "test", List.of("bot"), Instant.parse("2026-01-01T00:00:00Z"));
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path parent;

    private final Environment environment = Environment.system();
    private final Loop loop = environment.newLoop("test-loop");
    private final AtomicBoolean hasNoMemory = new AtomicBoolean();
    private final AtomicBoolean rejects = new AtomicBoolean();
    private final Executor helpers = task -> {
        if (hasNoMemory.get()) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        if (rejects.get()) {
            throw new RejectedExecutionException("shut down");
        }
        environment.helpers().execute(task);
    };

    @AfterEach
    void close() {
        loop.close();
    }

    private Path folder() {
        return parent.resolve("claims");
    }

    private MachineClaims claims() {
        return MachineClaims.in(folder(), helpers, loop);
    }

    private CompletableFuture<ClaimAnswer> asked(MachineClaims claims, LinkKey key) {
        return claims.claim(key, SELF, Claimer.DEAF).toCompletableFuture();
    }

    private Claim granted(MachineClaims claims) {
        return ((ClaimAnswer.Granted) asked(claims, KEY).orTimeout(20, SECONDS).join()).claim();
    }

    private static void release(Claim claim) {
        claim.release().toCompletableFuture().orTimeout(20, SECONDS).join();
    }

    private void assertNone(MachineClaims claims, String why) {
        assertThat(asked(claims, KEY)).failsWithin(LIMIT).withThrowableThat().withMessageContaining(why);
    }

    @Test
    void without_a_thread_for_it_there_is_no_claim_and_that_is_said_at_once() {
        MachineClaims claims = claims();
        for (AtomicBoolean trouble : List.of(hasNoMemory, rejects)) {
            trouble.set(true);
            assertThat(asked(claims, KEY)).isCompletedExceptionally();
            trouble.set(false);
            release(granted(claims));
        }
    }

    @Test
    void who_waits_for_a_release_is_told_as_well_that_there_is_no_thread() throws IOException {
        MachineClaims claims = claims();
        Claim first = granted(claims);
        CompletableFuture<Void> closed = open(folder().toRealPath().resolve(FileNames.of(KEY)));
        CompletableFuture<ClaimAnswer> second = asked(claims, KEY);
        long end = System.nanoTime() + LIMIT.toNanos();
        while (closed.getNumberOfDependents() == 0 && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(second).isNotDone();
        hasNoMemory.set(true);
        release(first);
        assertThat(second).failsWithin(LIMIT).withThrowableThat().withMessageContaining("native thread");

        hasNoMemory.set(false);
        release(granted(claims));
    }

    /** What completes when an open lock file is closed. */
    private static CompletableFuture<Void> open(Path lock) {
        return Objects.requireNonNull(OpenFiles.enter(lock.toString(), new CompletableFuture<>()), "It is not open");
    }

    @Test
    void a_claim_is_released_also_without_a_thread_for_it() {
        MachineClaims claims = claims();
        Claim first = granted(claims);
        hasNoMemory.set(true);
        release(first);
        hasNoMemory.set(false);
        release(granted(claims));
    }

    @Test
    void holders_that_could_not_be_written_down_are_the_next_time() throws IOException {
        MachineClaims claims = claims();
        Claim claim = granted(claims);
        rejects.set(true);
        claim.describe(SELF);
        rejects.set(false);
        ClaimHolder more = new ClaimHolder("attic", SELF.pid(), "test", List.of("bot", "map"), SELF.since());
        claim.describe(more);
        HolderNotes notes = new HolderNotes(ClaimFolder.given(folder()), FileNames.of(KEY));
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!notes.read().equals(List.of(more)) && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(notes.read()).containsExactly(more);
        release(claim);
    }

    @Test
    void a_folder_whose_parent_is_missing_grants_nothing_until_it_is_there() throws IOException {
        MachineClaims claims = MachineClaims.in(parent.resolve("disk/claims"), helpers, loop);
        assertNone(claims, parent.resolve("disk") + " does not exist");
        Files.createFile(parent.resolve("disk"));
        assertNone(claims, "Not a directory");
        Files.delete(parent.resolve("disk"));
        Files.createDirectory(parent.resolve("disk"));
        release(granted(claims));
    }

    @Test
    void a_folder_that_vanishes_between_claims_is_made_anew() throws IOException {
        MachineClaims claims = claims();
        release(granted(claims));
        Files.delete(folder().resolve(FileNames.of(KEY)));
        Files.delete(folder());
        Claim claim = granted(claims);
        assertThat(folder().resolve(FileNames.of(KEY))).exists();
        release(claim);
    }

    @Test
    void what_the_system_says_of_a_disk_is_said_in_the_failure_and_in_the_description() throws IOException {
        AtomicBoolean isFull = new AtomicBoolean(true);
        MachineClaims claims = new MachineClaims(
                () -> {
                    if (isFull.get()) {
                        throw new FileSystemException(folder().toString(), null, "No space left on device");
                    }
                    return ClaimFolder.given(folder());
                },
                helpers,
                loop);
        assertNone(claims, folder() + ": No space left on device");
        assertThat(claims.describe())
                .isEqualTo("none (" + folder() + ": No space left on device); other programs are not excluded");
        isFull.set(false);
        release(granted(claims));
    }

    @Test
    void a_pipe_in_place_of_a_lock_file_or_a_note_does_not_block() throws Exception {
        ClaimFolder.given(folder());
        Path lock = folder().resolve(FileNames.of(KEY));
        pipe(lock);
        assertNone(claims(), lock + " is no plain file");
        Files.delete(lock);

        pipe(folder().resolve(FileNames.of(KEY) + ".77.holder"));
        assertThat(new HolderNotes(ClaimFolder.given(folder()), FileNames.of(KEY)).read())
                .isEmpty();
        release(granted(claims()));
    }

    private static void pipe(Path path) throws IOException {
        Process mkfifo = new ProcessBuilder("mkfifo", path.toString()).start();
        assertThat(mkfifo.onExit().orTimeout(20, SECONDS).join().exitValue()).isZero();
    }

    @Test
    void a_lock_of_ours_by_the_name_of_a_note_is_not_read_since_closing_it_would_give_the_lock_away()
            throws IOException {
        MachineClaims claims = claims();
        Claim claim = granted(claims);
        Path lock = folder().resolve(FileNames.of(KEY));
        Files.createLink(folder().resolve(FileNames.of(OTHER_KEY) + ".77.holder"), lock);

        assertThat(new HolderNotes(ClaimFolder.given(folder()), FileNames.of(OTHER_KEY)).read())
                .isEmpty();

        Process other = Locker.start(lock);
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("refused");
        } finally {
            other.destroyForcibly().onExit().orTimeout(20, SECONDS).join();
        }
        release(claim);
    }

    @Test
    void what_another_has_written_down_since_a_lock_file_was_deleted_stays() throws IOException {
        MachineClaims claims = claims();
        HeldClaim claim = (HeldClaim) granted(claims);
        Path note;
        try (var notes = Files.list(folder())) {
            note = notes.filter(each -> each.toString().endsWith(".holder"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(folder().resolve(FileNames.of(KEY)));
        claim.look();
        release(claim);
        assertThat(note).exists(); // It might be of a program of the same user that has the link by now.
        release(granted(claims));
        assertThat(note).doesNotExist();
    }

    @Test
    void many_that_make_the_folder_at_once_get_the_same_one() throws IOException {
        for (int round = 0; round < 30; round++) {
            Path wanted = parent.resolve("claims-" + round);
            List<CompletableFuture<ClaimAnswer>> all = IntStream.range(0, 8)
                    .mapToObj(i ->
                            asked(MachineClaims.in(wanted, helpers, loop), new LinkKey("tcp", "10.0.0." + i + ":4403")))
                    .toList();
            for (CompletableFuture<ClaimAnswer> each : all) {
                release(((ClaimAnswer.Granted) each.orTimeout(20, SECONDS).join()).claim());
            }
        }
        try (var rest = Files.list(parent)) {
            assertThat(rest).as("nothing is left lying about").hasSize(30);
        }
    }

    @Test
    void a_folder_for_a_group_says_so() throws IOException {
        Path own = Files.createDirectory(folder());
        Files.setAttribute(own, "unix:mode", 02770);
        MachineClaims claims = claims();
        release(granted(claims));
        assertThat(claims.describe())
                .isEqualTo(own.toRealPath() + ", for the folder's group; other users are not excluded");
    }
}
