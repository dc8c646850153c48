package dev.meshlease.verification.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of our own. A thread reads along, so that it never waits for us; its errors go to a file. */
public final class Child implements AutoCloseable {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(45);

    /** What {@code unread} has last. */
    private static final Optional<String> END = Optional.empty();

    private final long deadlineNanos = System.nanoTime() + LIMIT_NANOS;
    private final BlockingQueue<Optional<String>> unread = new LinkedBlockingQueue<>();
    private final List<String> output = new ArrayList<>();
    private final Path errors;
    private final Process process;

    /** How it ended, and all that it said. */
    public record Outcome(int status, List<String> output, String errors) {}

    private Child(Path folder, List<String> command) throws IOException {
        errors = folder.resolve("errors.txt");
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        Thread reader = new Thread(this::read, "child-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a program in a folder.
     *
     * @throws IOException if there is no such program
     */
    public static Child start(Path folder, List<String> command) throws IOException {
        return new Child(folder, command);
    }

    /** Runs a program to its end. */
    public static Outcome run(Path folder, List<String> command) throws IOException, InterruptedException {
        try (Child child = start(folder, command)) {
            return child.end();
        }
    }

    /** Runs this JVM's {@code java} to its end. */
    public static Outcome java(Path folder, List<String> arguments) throws IOException, InterruptedException {
        return run(folder, javaCommand(arguments));
    }

    /** Starts this JVM's {@code java}. */
    public static Child startJava(Path folder, List<String> arguments) throws IOException {
        return start(folder, javaCommand(arguments));
    }

    private static List<String> javaCommand(List<String> arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String claims = "-Dmeshlease.claims=" + System.getProperty("meshlease.claims", "off");
        return Stream.concat(Stream.of(java, "-ea", "-Xmx96m", claims), arguments.stream())
                .toList();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                unread.add(Optional.of(line));
            }
        } catch (IOException e) {
            unread.add(Optional.of("Its output broke off: " + e));
        } finally {
            unread.add(END);
        }
    }

    /** The next line it prints. */
    public String line() throws IOException, InterruptedException {
        return next().orElseThrow(() -> new AssertionError("It ended. " + story()));
    }

    private Optional<String> next() throws IOException, InterruptedException {
        Optional<String> next = unread.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
            throw new AssertionError("It took too long. " + story());
        }
        next.ifPresent(output::add);
        return next;
    }

    /** Asks it to end, as {@code kill} and Ctrl-C do. */
    public void terminate() {
        process.toHandle().destroy(); // which leaves its last words to be read
    }

    /** Waits for its end. */
    public Outcome end() throws IOException, InterruptedException {
        while (next().isPresent()) {
            // all that it has to say
        }
        if (!process.waitFor(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("It does not end. " + story());
        }
        return new Outcome(process.exitValue(), List.copyOf(output), Files.readString(errors));
    }

    private String story() {
        try {
            return "It printed " + output + " and as errors: " + Files.readString(errors);
        } catch (IOException e) {
            return "It printed " + output + "; its errors cannot be read: " + e;
        }
    }

    /** Ends it, and what it has started. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
