package dev.meshlease.internal.machine;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * A folder for claims that was looked at and found safe.
 *
 * @param path without symbolic links
 * @param user this process's user, as a number
 * @param reach who is kept off by what is claimed in it
 */
record ClaimFolder(Path path, int user, Reach reach) {
    /** Who shares a folder. */
    enum Reach {
        ALL_USERS("all users of this machine"),
        GROUP("the folder's group; other users are not excluded"),
        ONE_USER("programs of this user; other users are not excluded");

        final String words;

        Reach(String words) {
            this.words = words;
        }
    }

    private static final String NAME = "meshlease-claims";
    private static final int SHARED_MODE = 01777;
    private static final int PRIVATE_MODE = 0700;

    /**
     * Where programs of all users meet without being told: the first of these that is a sticky folder for all. It must be the same for every
     * program, so it depends neither on {@code java.io.tmpdir} nor on what the program may do there. What cleans up {@code /tmp} leaves
     * {@code /run/lock} alone.
     */
    private static final List<Path> MEETING_POINTS =
            List.of(Path.of("/run/lock"), Path.of("/var/lock"), Path.of("/tmp"));

    /** The folder that all users of this machine share. */
    static ClaimFolder shared() throws IOException {
        for (Path each : MEETING_POINTS) {
            Optional<Path> real = real(each);
            if (real.isPresent() && isMeetingPoint(real.get())) {
                ClaimFolder found = at(real.get().resolve(NAME), SHARED_MODE);
                if (found.reach() != Reach.ALL_USERS) {
                    throw new UnsafeFileException(found.path() + " is not open to all users");
                }
                return found;
            }
        }
        throw new IOException("none of " + MEETING_POINTS + " is a sticky folder for all users");
    }

    private static Optional<Path> real(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static boolean isMeetingPoint(Path path) throws IOException {
        Inode it = Inode.of(path);
        return it.isFolder() && it.isSticky() && it.isForAll() && it.owner() == Inode.ROOT;
    }

    /** This user's own. */
    static ClaimFolder perUser() throws IOException {
        String home = System.getProperty("user.home", "");
        if (home.isBlank() || !Path.of(home).isAbsolute()) {
            throw new IOException("this user has no home folder");
        }
        Path parent = Files.createDirectories(Path.of(home).resolve(".meshlease"));
        return at(parent.resolve("claims"), PRIVATE_MODE);
    }

    /** One that the program was told. Made if it is missing, for all users; its parent is not. */
    static ClaimFolder given(Path path) throws IOException {
        return at(path.toAbsolutePath().normalize(), SHARED_MODE);
    }

    private static ClaimFolder at(Path wanted, int mode) throws IOException {
        Path parent = wanted.getParent();
        Path name = wanted.getFileName();
        if (parent == null || name == null) {
            throw new UnsafeFileException(wanted + " is no folder for claims");
        }
        Path path = parent.toRealPath().resolve(name);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            make(path, mode);
        }
        Inode it = Inode.of(path);
        if (!it.isFolder()) {
            throw new UnsafeFileException(path + (it.isSymlink() ? " is a symbolic link" : " is no folder"));
        }
        int user = user(path);
        Reach reach = judge(path, it, Inode.of(parent.toRealPath()), user);
        return new ClaimFolder(path, user, reach);
    }

    /** In one step, so that nobody sees it with other permissions than it is to have. */
    private static void make(Path path, int mode) throws IOException {
        Path fresh = Files.createTempDirectory(path.getParent(), "." + NAME);
        try {
            Files.setAttribute(fresh, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException othersWereFaster) {
            Files.delete(fresh);
        } catch (IOException failure) {
            Files.delete(fresh);
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw failure;
            }
        }
    }

    /** Who this is, told by a file that this process has made; shows as well that it can make one there. */
    private static int user(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, ".", ".probe");
        try {
            return Inode.of(probe).owner();
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /**
     * Whether nobody but root, this user, or the group that a folder was made for can put other files in place of what is claimed; in a sticky
     * folder everybody may make files, and take away only one's own.
     */
    static Reach judge(Path path, Inode folder, Inode parent, int user) throws UnsafeFileException {
        if (parent.isForAll() && !parent.isSticky()) {
            throw new UnsafeFileException(
                    "everybody may replace " + path + ": its parent is open to all, and not sticky");
        }
        if (folder.isForAll()) {
            if (!folder.isSticky()) {
                throw new UnsafeFileException(path + " is open to all, and not sticky");
            }
            return Reach.ALL_USERS;
        }
        if (!folder.isOf(user)) {
            throw new UnsafeFileException(
                    path + " belongs to user " + folder.owner() + ", neither to root nor to user " + user);
        }
        return folder.isForGroup() ? Reach.GROUP : Reach.ONE_USER;
    }
}
