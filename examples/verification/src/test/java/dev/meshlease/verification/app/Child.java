package dev.meshlease.verification.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own. Its output goes to files, so that nobody has to read along. */
final class Child {
    private static final long LIMIT_SECONDS = 45;

    private Child() {}

    record Outcome(int status, List<String> output, String errors) {}

    static Outcome run(Path folder, List<String> arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("out.txt");
        Path errors = folder.resolve("err.txt");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-ea", "-Xmx96m"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String story = Files.readString(errors);
            if (!ended) {
                throw new AssertionError(
                        "Not ended after " + LIMIT_SECONDS + " s: " + Files.readAllLines(output) + story);
            }
            return new Outcome(process.exitValue(), Files.readAllLines(output), story);
        } finally {
            process.destroyForcibly();
        }
    }
}
