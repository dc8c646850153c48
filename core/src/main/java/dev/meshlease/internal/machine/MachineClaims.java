package dev.meshlease.internal.machine;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims that the programs of this machine share, as locked files in one folder. Files are worked on by helper threads, never by the loop.
 *
 * <p>Only for keys that this JVM's own table has given to the asker: the operating system does not tell two lockers of one process apart.
 */
public final class MachineClaims implements LinkClaims {
    private static final Logger LOG = LoggerFactory.getLogger(MachineClaims.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();
    private static final int MOST_LOOKS = 5;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Folders folders;
    private final Executor helpers;
    private final Loop loop;
    private volatile Place place = new Place(null, "");

    /** @param trouble why it is not where it should be; empty if it is */
    private record Place(@Nullable ClaimFolder folder, String trouble) {}

    /** Where the folder is. May block; asked anew for each claim. */
    @FunctionalInterface
    interface Folders {
        ClaimFolder find() throws IOException;

        /** Where to go if it cannot be had. */
        default @Nullable Folders otherwise() {
            return null;
        }
    }

    /** All users' folder, else this user's, else none. */
    private record Usual() implements Folders {
        @Override
        public ClaimFolder find() throws IOException {
            return ClaimFolder.shared();
        }

        @Override
        public Folders otherwise() {
            return ClaimFolder::perUser;
        }
    }

    MachineClaims(Folders folders, Executor helpers, Loop loop) {
        this.folders = folders;
        this.helpers = helpers;
        this.loop = loop;
    }

    /** In the folder that all users of the machine share; in one of this user where that cannot be had, and in none if neither can. */
    public static MachineClaims usual(Executor helpers, Loop loop) {
        return new MachineClaims(new Usual(), helpers, loop);
    }

    /** In this folder and nowhere else: while it cannot be used, nothing is granted. */
    public static MachineClaims in(Path folder, Executor helpers, Loop loop) {
        return new MachineClaims(() -> ClaimFolder.given(folder), helpers, loop);
    }

    @Override
    public String name() {
        ClaimFolder folder = place.folder();
        return folder == null ? "the claim folder" : "the claim folder " + folder.path();
    }

    /** Who is kept off, for people. */
    public String describe() {
        Place now = place;
        String why = now.trouble().isEmpty() ? "" : " (" + now.trouble() + ")";
        if (now.folder() != null) {
            return now.folder().path() + ", for " + now.folder().reach().words + why;
        }
        return why.isEmpty()
                ? "not looked for yet, there was no link"
                : "none" + why + "; other programs are not excluded";
    }

    @Override
    public CompletionStage<ClaimAnswer> claim(LinkKey key, ClaimHolder self, ClaimListener listener) {
        CompletableFuture<ClaimAnswer> answer = new CompletableFuture<>();
        attempt(key, self, listener, answer);
        return answer;
    }

    private void attempt(LinkKey key, ClaimHolder self, ClaimListener listener, CompletableFuture<ClaimAnswer> answer) {
        try {
            helpers.execute(() -> {
                try {
                    decideTwice(key, self, listener, answer);
                } catch (IOException | RuntimeException | Error failure) {
                    answer.completeExceptionally(new IOException(Reasons.of(failure), failure));
                }
            });
        } catch (RuntimeException | Error noThread) {
            answer.completeExceptionally(noThread);
        }
    }

    private void decideTwice(
            LinkKey key, ClaimHolder self, ClaimListener listener, CompletableFuture<ClaimAnswer> answer)
            throws IOException {
        try {
            decide(key, self, listener, answer);
        } catch (NoSuchFileException gone) { // The folder was deleted meanwhile, or another program's is in its place.
            decide(key, self, listener, answer);
        }
    }

    private void decide(LinkKey key, ClaimHolder self, ClaimListener listener, CompletableFuture<ClaimAnswer> answer)
            throws IOException {
        ClaimFolder found = find();
        if (found == null) {
            answer.complete(new ClaimAnswer.Granted(new NoClaim()));
            return;
        }
        String name = FileNames.of(key);
        String path = found.path().resolve(name).toString();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        CompletableFuture<Void> other = OpenFiles.enter(path, closed);
        if (other != null) { // Given away in this JVM, and still being closed.
            var unused = other.whenComplete((nothing, failure) -> attempt(key, self, listener, answer));
            return;
        }
        LockFile lock = null;
        boolean keeps = false;
        try {
            HolderNotes notes = new HolderNotes(found, name);
            lock = LockFile.take(found, name).orElse(null);
            if (lock == null) {
                answer.complete(new ClaimAnswer.Refused(holder(found.path().resolve(name), notes, self.host())));
                return;
            }
            HeldClaim claim =
                    new HeldClaim(key, lock, notes, listener, helpers, loop, () -> OpenFiles.leave(path, closed));
            claim.begin(self);
            keeps = true;
            answer.complete(new ClaimAnswer.Granted(claim));
        } finally {
            if (!keeps) {
                try {
                    if (lock != null) {
                        lock.close();
                    }
                } finally {
                    OpenFiles.leave(path, closed);
                }
            }
        }
    }

    /** The folder; null if there is none, and the user has named none. */
    private @Nullable ClaimFolder find() throws IOException {
        Folders next = folders.otherwise();
        String trouble;
        try {
            ClaimFolder found = folders.find();
            place = new Place(found, "");
            return found;
        } catch (IOException | RuntimeException failure) {
            trouble = Reasons.of(failure);
            if (next == null) {
                place = new Place(null, trouble);
                throw failure;
            }
        }
        Place second = elsewhere(next, trouble);
        place = second;
        if (WARNED.compareAndSet(false, true)) {
            LOG.warn("Links are not claimed from all programs of this machine. Claims: {}", describe());
        }
        return second.folder();
    }

    private static Place elsewhere(Folders next, String trouble) {
        try {
            return new Place(next.find(), trouble);
        } catch (IOException | RuntimeException failure) {
            return new Place(null, trouble + "; " + Reasons.of(failure));
        }
    }

    /** As much as can be known of who has locked it; who has just done so may not have written his note yet. */
    private static ClaimHolder holder(Path lock, HolderNotes notes, String host) throws IOException {
        OptionalLong pid = OptionalLong.empty();
        for (int i = 0; i < MOST_LOOKS; i++) {
            if (i > 0) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            pid = KernelLocks.holder(Inode.of(lock));
            Optional<ClaimHolder> told = Witnesses.believe(
                    notes.read(), pid, host, ProcessHandle.current().pid());
            if (told.isPresent()) {
                return told.get();
            }
        }
        return pid.isPresent()
                ? new ClaimHolder(
                        host,
                        pid.getAsLong(),
                        KernelLocks.command(pid.getAsLong()),
                        List.of(),
                        ClaimHolder.UNKNOWN_SINCE)
                : new ClaimHolder(host, 0, "", List.of(), ClaimHolder.UNKNOWN_SINCE);
    }

    /** Nothing to close: each claim is given back by its link. */
    @Override
    public void close() {}

    /** Where there is no folder. */
    private record NoClaim() implements Claim {
        @Override
        public CompletionStage<Void> release() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
