package dev.meshlease.internal.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the system says of a file itself, never of what a symbolic link leads to. Asking does not open the file.
 *
 * @param mode type and permission bits, as in {@code st_mode}
 * @param links how many names it has
 */
record Inode(int mode, int owner, long device, long number, int links) {
    private static final int TYPE = 0170000;
    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int SYMLINK = 0120000;
    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 0002;
    private static final int GROUP_WRITES = 0020;
    static final int ROOT = 0;

    static Inode of(Path path) throws IOException {
        Map<String, Object> told;
        try {
            told = Files.readAttributes(path, "unix:mode,uid,dev,ino,nlink", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException | IllegalArgumentException otherPlatform) {
            throw new IOException("this platform does not tell whose file it is", otherPlatform);
        }
        return new Inode(
                number(told, "mode").intValue(),
                number(told, "uid").intValue(),
                number(told, "dev").longValue(),
                number(told, "ino").longValue(),
                number(told, "nlink").intValue());
    }

    private static Number number(Map<String, Object> told, String name) throws IOException {
        if (told.get(name) instanceof Number number) {
            return number;
        }
        throw new IOException("The platform does not tell the " + name + " of a file");
    }

    boolean isFolder() {
        return (mode & TYPE) == FOLDER;
    }

    boolean isFile() {
        return (mode & TYPE) == FILE;
    }

    boolean isSymlink() {
        return (mode & TYPE) == SYMLINK;
    }

    boolean isSticky() {
        return (mode & STICKY) != 0;
    }

    boolean isForAll() {
        return (mode & OTHERS_WRITE) != 0;
    }

    boolean isForGroup() {
        return (mode & GROUP_WRITES) != 0;
    }

    boolean isOf(int user) {
        return owner == user || owner == ROOT;
    }

    boolean isSameAs(Inode other) {
        return device == other.device && number == other.number;
    }
}
