package dev.meshlease.internal.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The lock file of one key, locked. It is empty, and it stays when the lock is gone: who deletes lock files lets two programs lock two files
 * of one name.
 *
 * <p>On POSIX a process loses its lock with the first descriptor of the file that it closes, whichever. So nothing in this process may open
 * the file again while it is locked; {@link Inode#of} does not open it, but setting its times or permissions would. {@link OpenFiles} keeps
 * others of this JVM away.
 */
final class LockFile implements AutoCloseable {
    private static final int MOST_TRIES = 5;

    private final Path path;
    private final Inode inode;
    private final FileChannel channel;

    private LockFile(Path path, Inode inode, FileChannel channel) {
        this.path = path;
        this.inode = inode;
        this.channel = channel;
    }

    /**
     * Locks it, if no other program has. May block.
     *
     * @throws UnsafeFileException if it is not a plain file, or one that the folder should not have
     */
    static Optional<LockFile> take(ClaimFolder folder, String name) throws IOException {
        Path path = folder.path().resolve(name);
        for (int i = 0; i < MOST_TRIES; i++) {
            Inode before = ready(folder, path);
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            boolean keeps = false;
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    return Optional.empty();
                }
                if (isStill(path, before)) {
                    keeps = true;
                    return Optional.of(new LockFile(path, before, channel));
                }
            } finally {
                if (!keeps) {
                    channel.close();
                }
            }
        }
        throw new IOException(path + " is replaced again and again");
    }

    /** There, and what it should be. Never opened with the right to create it: some systems refuse that for other users' files. */
    private static Inode ready(ClaimFolder folder, Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException usual) {
            // Locked before, by this program or another.
        }
        Inode it = Inode.of(path);
        require(folder, path, it);
        if (it.owner() == folder.user() && folder.reach() != ClaimFolder.Reach.ONE_USER && (it.mode() & 0666) != 0666) {
            Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        return it;
    }

    static void require(ClaimFolder folder, Path path, Inode it) throws UnsafeFileException {
        if (!it.isFile()) {
            throw new UnsafeFileException(path + (it.isSymlink() ? " is a symbolic link" : " is no plain file"));
        }
        if (it.links() != 1) {
            throw new UnsafeFileException(path + " has another name besides");
        }
        if (folder.reach() == ClaimFolder.Reach.ONE_USER && !it.isOf(folder.user())) {
            throw new UnsafeFileException(path + " belongs to user " + it.owner());
        }
    }

    private static boolean isStill(Path path, Inode before) throws IOException {
        try {
            return Inode.of(path).isSameAs(before);
        } catch (NoSuchFileException deleted) {
            return false;
        }
    }

    /** Whether others who lock the path meet this lock. */
    boolean isInPlace() throws IOException {
        return channel.isOpen() && isStill(path, inode);
    }

    @Override
    public void close() throws IOException {
        channel.close(); // With it the lock.
    }
}
