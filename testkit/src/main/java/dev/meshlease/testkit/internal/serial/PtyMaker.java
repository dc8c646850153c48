package dev.meshlease.testkit.internal.serial;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A program that makes a pseudo-terminal and leads it to its own standard input and output; without C no other way is open to Java 17.
 * The best one comes first.
 */
public enum PtyMaker {
    /** Takes its link away itself, even if its parent was killed. */
    SOCAT("socat") {
        @Override
        List<String> arguments(Path link) {
            String literally = link.toString().replaceAll("[\\\\,:!\"'(\\[{]", "\\\\$0");
            return List.of("pty,raw,echo=0,link=" + literally, "stdio");
        }
    },

    /** Of util-linux, so there is one on any Linux; that of other systems takes other words. */
    SCRIPT("script") {
        @Override
        List<String> arguments(Path link) {
            // The shell keeps the terminal open, and ends with the program that wanted it. It makes the link, for
            // nobody else knows the name.
            String shell = "stty raw -echo && ln -s \"$(tty)\" \"$MESHLEASE_LINK\" && while kill -0 "
                    + ProcessHandle.current().pid() + " 2>/dev/null; do sleep 1; done";
            return List.of("-qfec", shell, "/dev/null");
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
                    os.symlink(os.ttyname(slave), os.environ['MESHLEASE_LINK'])
                    ends = {0: master, master: 1}
                    while True:
                        for end in select.select(list(ends), [], [])[0]:
                            data = os.read(end, 4096)
                            if not data:
                                raise SystemExit
                            while data:
                                data = data[os.write(ends[end], data):]
                    """);
        }
    };

    /** Where those find the path of the link that they are to make: there it needs no quotes. */
    private static final String LINK = "MESHLEASE_LINK";

    private final String program;

    PtyMaker(String program) {
        this.program = program;
    }

    /** @param link what shall lead to the terminal */
    abstract List<String> arguments(Path link);

    boolean isUsable() {
        return true;
    }

    /** The best one that this machine has. */
    public static Optional<PtyMaker> best() {
        return Arrays.stream(values()).filter(PtyMaker::isHere).findFirst();
    }

    /** Whether this machine has it. */
    public boolean isHere() {
        return isUsable() && executable().isPresent();
    }

    /**
     * Starts it.
     *
     * @param link where nothing must be yet; it leads to the terminal once that can be used
     */
    public Process start(Path link) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(executable().map(Path::toString).orElse(program));
        words.addAll(arguments(link));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put(LINK, link.toString());
        return builder.start();
    }

    @Override
    public String toString() {
        return program;
    }

    private Optional<Path> executable() {
        String path = System.getenv("PATH");
        return Arrays.stream((path == null ? "/usr/bin" : path).split(File.pathSeparator, -1))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder).resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
