package dev.meshlease.examples.meshbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged bot, run as a user runs it. */
record Meshbot(int status, String out, String err) {
    private static final long LIMIT_SECONDS = 60;

    /** Runs it to its end, which must come by itself. */
    static Meshbot run(Path directory, String... words) throws InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        try {
            Process process = command(words)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                        .as("ends by itself")
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            return new Meshbot(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** With the claim folder of this build. */
    static ProcessBuilder command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmeshlease.claims=" + System.getProperty("meshlease.claims", ""),
                "-jar",
                Path.of("target", "meshbot.jar").toAbsolutePath().toString()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    Meshbot succeeded() {
        assertThat(status).as("status; %s%s", out, err).isZero();
        assertThat(err).isEmpty();
        return this;
    }

    /** It failed with one line on standard error. */
    Meshbot failed() {
        assertThat(status).as("status; %s%s", out, err).isEqualTo(1);
        assertThat(err).startsWith("meshbot: ").hasLineCount(1);
        return this;
    }
}
