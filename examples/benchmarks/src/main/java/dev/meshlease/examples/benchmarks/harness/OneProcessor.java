package dev.meshlease.examples.benchmarks.harness;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Confines this process to the last of its processors. By {@code taskset}, hence on Linux only; elsewhere nothing happens. New threads
 * inherit it from those that start them.
 */
final class OneProcessor {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern ALLOWED = Pattern.compile("^Cpus_allowed_list:\\s*(\\S*?(\\d+))$", Pattern.MULTILINE);
    private static final long LIMIT_SECONDS = 10;

    private final @Nullable String before;

    private OneProcessor(@Nullable String before) {
        this.before = before;
    }

    static OneProcessor confine() throws IOException, InterruptedException {
        if (Files.isReadable(STATUS)) {
            Matcher allowed = ALLOWED.matcher(Files.readString(STATUS));
            if (allowed.find() && taskset(allowed.group(2))) {
                return new OneProcessor(allowed.group(1));
            }
        }
        return new OneProcessor(null);
    }

    /** Gives the process back what it had. */
    void release() throws InterruptedException {
        if (before != null) {
            boolean unused = taskset(before);
        }
    }

    private static boolean taskset(String processors) throws InterruptedException {
        String me = Long.toString(ProcessHandle.current().pid());
        try {
            Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", processors, me)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            try {
                return taskset.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && taskset.exitValue() == 0;
            } finally {
                taskset.destroyForcibly();
            }
        } catch (IOException missing) {
            return false;
        }
    }
}
