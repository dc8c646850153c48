package dev.meshlease.serial;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Watch;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of its own that wants the link to a node: what it does as a child, and how its parent sees it. */
final class PortProgram implements AutoCloseable {
    /** What it does once its link is ready. */
    enum Manner {
        /** Keeps it until it is to end, and closes its registry then. */
        HOLD,
        /** Exits without closing anything. */
        EXIT
    }

    static final String READY = "ready";
    static final String END_OF_REFUSAL = "(that was the refusal)";
    static final int STATUS = 3;

    /** For a program that cares for nobody else's links. */
    static final String WITHOUT_CLAIMS = "-Dmeshlease.claims=off";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final BufferedReader output;

    private PortProgram(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param words a manner and an endpoint */
    public static void main(String[] words) throws IOException {
        Manner manner = Manner.valueOf(words[0]);
        try (LinkRegistry links = LinkRegistry.create()) {
            Lease lease = links.acquire(words[1], "other");
            lease.ready().await(PATIENCE);
            var unused = lease.watch(Watch.status(), status -> {}); // In use, so not given back as a leak.
            System.out.println(READY);
            if (manner == Manner.EXIT) {
                System.exit(STATUS);
            }
            while (System.in.read() >= 0) {
                // until it is to end
            }
        } catch (DuplicateLinkException refused) {
            System.out.println(
                    "refused " + refused.scope() + " by " + refused.incumbent().pid());
            System.out.println(refused.getMessage());
            System.out.println(END_OF_REFUSAL);
        }
    }

    /** Starts it with this JVM's class path and claim folder. */
    static PortProgram start(Manner manner, String endpoint, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-Dmeshlease.claims=" + System.getProperty("meshlease.claims")));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), PortProgram.class.getName(), manner.name(), endpoint));
        return new PortProgram(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** Reads what it prints until a line that begins so; returns all, that line included. */
    String until(String last) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            all.append(line).append('\n');
            if (line.startsWith(last)) {
                return all.toString();
            }
        }
        throw new AssertionError("It ended before it printed '" + last + "':\n" + all);
    }

    /** Waits for its end; returns its exit code. */
    int status() throws IOException {
        String unused = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.onExit()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join()
                .exitValue();
    }

    /** Asks it to end, and waits for that. */
    void end() throws IOException {
        process.getOutputStream().close();
        int unused = status();
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
