package dev.meshlease.internal.machine;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link Claimer} as a process of its own, of this user or of one that may do nothing. Its class path is copied to where all users can read it. */
final class OtherUser implements AutoCloseable {
    static final int NOBODY = 65534;

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    final Process process;
    final String said;
    final String saidOfAnother;
    final String described;

    private OtherUser(Process process) throws IOException {
        this.process = process;
        BufferedReader output = process.inputReader();
        said = String.valueOf(output.readLine());
        saidOfAnother = String.valueOf(output.readLine());
        described = String.valueOf(output.readLine());
    }

    /** Whether this process may start programs of other users. */
    static boolean isPossible() throws IOException {
        return Files.isExecutable(SETPRIV) && Inode.of(Path.of("/proc/self")).owner() == Inode.ROOT;
    }

    /** A place that all users can read, below this one's. */
    static Path publicFolder(Path parent) throws IOException {
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        return parent;
    }

    /** One of this user, with a umask of its own. */
    static OtherUser withUmask(Path place, String umask, Path... folders) throws IOException {
        return start(place, List.of("/bin/sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"), folders);
    }

    static OtherUser nobody(Path place, Path... folders) throws IOException {
        String id = Integer.toString(NOBODY);
        return start(place, List.of(SETPRIV.toString(), "--reuid=" + id, "--regid=" + id, "--clear-groups"), folders);
    }

    static OtherUser start(Path place, List<String> prefix, Path... folders) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-cp",
                classPath(place),
                Claimer.class.getName()));
        Stream.of(folders).map(Path::toString).forEach(command::add);
        return new OtherUser(new ProcessBuilder(command)
                .redirectError(place.resolve("errors.txt").toFile())
                .start());
    }

    private static String classPath(Path place) throws IOException {
        Path copy = place.resolve("classes");
        List<String> path = new ArrayList<>(List.of(copy.toString()));
        boolean isMade = Files.exists(copy);
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path entry = Path.of(each);
            if (Files.isDirectory(entry)) {
                if (!isMade) {
                    copyTree(entry, copy);
                }
            } else if (String.valueOf(entry.getFileName()).startsWith("slf4j-")) {
                Path jar = place.resolve(entry.getFileName());
                if (!Files.exists(jar)) {
                    Files.copy(entry, jar);
                }
                path.add(jar.toString());
            }
        }
        return String.join(File.pathSeparator, path);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else if (!each.toString().contains("meshtastic") && !Files.exists(target)) {
                    Files.copy(each, target);
                }
            }
        }
    }

    void kill() {
        process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }
}
