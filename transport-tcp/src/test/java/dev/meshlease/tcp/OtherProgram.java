package dev.meshlease.tcp;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of its own that wants the link to a node: what it does as a child, and how its parent sees it. */
final class OtherProgram implements AutoCloseable {
    static final String READY = "ready";
    static final String REFUSED = "refused ";
    static final String END_OF_REFUSAL = "(that was the refusal)";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final BufferedReader output;

    private OtherProgram(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param endpoint and the holder */
    public static void main(String[] arguments) throws IOException {
        try (LinkRegistry links = LinkRegistry.create();
                Lease lease = links.acquire(arguments[0], arguments[1])) {
            lease.ready().await(PATIENCE);
            System.out.println(READY);
            while (System.in.read() >= 0) {
                // until it is to end
            }
        } catch (DuplicateLinkException refused) {
            System.out.println(
                    REFUSED + refused.scope() + " by " + refused.incumbent().pid());
            System.out.println(refused.getMessage());
            System.out.println(END_OF_REFUSAL);
        }
    }

    /** Starts it with this JVM's class path and claim folder. */
    static OtherProgram start(String endpoint, String holder, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-Dmeshlease.claims=" + System.getProperty("meshlease.claims"),
                "-cp",
                System.getProperty("java.class.path")));
        Stream.of(options).forEach(command::add);
        command.addAll(List.of(OtherProgram.class.getName(), endpoint, holder));
        return new OtherProgram(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** The next line it prints; empty at its end. */
    String line() throws IOException {
        String line = output.readLine();
        return line == null ? "" : line;
    }

    /** All that it prints until that line. */
    String until(String last) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = line(); !line.equals(last) && !line.isEmpty(); line = line()) {
            all.append(line).append('\n');
        }
        return all.toString();
    }

    /** Asks it to end, and waits for that. */
    void end() throws IOException {
        process.getOutputStream().close();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        kill();
    }
}
