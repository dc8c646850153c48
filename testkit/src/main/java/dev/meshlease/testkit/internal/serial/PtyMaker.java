package dev.meshlease.testkit.internal.serial;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that makes a pseudo-terminal and leads it to its own standard input and output; without C no other way is open to Java 17.
 * The best one comes first. Each runs in a session of its own, so that a Ctrl-C that is meant for its parent does not unplug the device
 * before that has said goodbye; and takes its link away itself if its parent is killed.
 */
public enum PtyMaker {
    /** Takes its link away itself, however it is ended but by SIGKILL. */
    SOCAT("socat") {
        @Override
        List<String> arguments(Path link) {
            String literally = link.toString().replaceAll("[\\\\,:!\"'(\\[{]", "\\\\$0");
            return List.of("pty,raw,echo=0,link=" + literally, "stdio,setsid");
        }

        // Its link is there before the terminal is raw.
        @Override
        public void makeRaw(Path link) throws IOException, InterruptedException {
            // The shell opens the terminal, not this process: whose own it could become.
            Process stty = new ProcessBuilder("/bin/sh", "-c", "stty raw -echo < \"$0\"", link.toString())
                    .redirectErrorStream(true)
                    .start();
            boolean isDone = stty.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            stty.destroyForcibly();
            if (!isDone || stty.exitValue() != 0) {
                throw new IOException("No pseudo-terminal at " + link + ": stty cannot make it raw");
            }
        }
    },

    /** Of util-linux, so there is one on any Linux; that of other systems takes other words. */
    SCRIPT("script") {
        @Override
        List<String> arguments(Path link) {
            // The shell keeps the terminal open, and ends with the program that wanted it. It makes the link, for
            // nobody else knows the name, and takes it away if it outlives that program.
            String shell = "stty raw -echo && ln -s \"$(tty)\" \"$MESHLEASE_LINK\" && while kill -0 "
                    + ProcessHandle.current().pid() + " 2>/dev/null; do sleep 1; done; "
                    + "[ \"$(readlink \"$MESHLEASE_LINK\")\" = \"$(tty)\" ] && rm \"$MESHLEASE_LINK\"";
            return List.of("-qfec", shell, "/dev/null");
        }

        // In a session of its own, which it cannot begin itself.
        @Override
        List<String> command() {
            return Stream.of("setsid", "script")
                    .flatMap(word -> executable(word).stream())
                    .map(Path::toString)
                    .toList();
        }

        @Override
        boolean isUsable() {
            return System.getProperty("os.name", "").equals("Linux");
        }
    },

    PYTHON("python3") {
        @Override
        List<String> arguments(Path link) {
            return List.of("-c", """
                    import os, select, tty
                    master, slave = os.openpty()
                    tty.setraw(slave)
                    os.setsid()
                    device, link = os.ttyname(slave), os.environ['MESHLEASE_LINK']
                    os.symlink(device, link)
                    ends = {0: master, master: 1}
                    try:
                        while True:
                            for end in select.select(list(ends), [], [])[0]:
                                data = os.read(end, 4096)
                                if not data:
                                    raise SystemExit
                                while data:
                                    data = data[os.write(ends[end], data):]
                    finally:
                        if os.path.islink(link) and os.readlink(link) == device:
                            os.unlink(link)
                    """);
        }
    };

    private static final int LIMIT_SECONDS = 10;

    /** Where those find the path of the link that they are to make: there it needs no quotes. */
    private static final String LINK = "MESHLEASE_LINK";

    private final String program;

    PtyMaker(String program) {
        this.program = program;
    }

    /** @param link what shall lead to the terminal */
    abstract List<String> arguments(Path link);

    /** What is left to be done once the link is there. */
    public void makeRaw(Path link) throws IOException, InterruptedException {
        // most have done it
    }

    boolean isUsable() {
        return true;
    }

    /** Those that this machine has, the best one first. */
    public static List<PtyMaker> here() {
        return Arrays.stream(values()).filter(PtyMaker::isHere).toList();
    }

    /** Whether this machine has it. */
    public boolean isHere() {
        return isUsable() && executable(program).isPresent();
    }

    /** What is started, before its arguments. */
    List<String> command() {
        return List.of(executable(program).map(Path::toString).orElse(program));
    }

    /**
     * Starts it.
     *
     * @param link where nothing must be yet; it leads to the terminal once that can be used
     */
    public Process start(Path link) throws IOException {
        List<String> words = new ArrayList<>(command());
        words.addAll(arguments(link));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put(LINK, link.toString());
        builder.environment().put("SHELL", "/bin/sh"); // script asks that one, and the user's may be no such shell
        return builder.start();
    }

    @Override
    public String toString() {
        return program;
    }

    private static Optional<Path> executable(String program) {
        String path = System.getenv("PATH");
        return Arrays.stream((path == null ? "/usr/bin" : path).split(File.pathSeparator, -1))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder).resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
