package dev.meshlease.tcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A program of its own that opens a plain socket to a node: what it does as a child, and how its parent sees it. */
final class RivalProgram implements AutoCloseable {
    private static final String CONNECTED = "connected from ";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final BufferedReader output;

    private RivalProgram(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param arguments the node's port on this machine */
    public static void main(String[] arguments) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))) {
            System.out.println(CONNECTED + socket.getLocalPort());
            while (System.in.read() >= 0) {
                // until it is to end
            }
        }
    }

    /** Starts it; it knows nothing of the library. */
    static RivalProgram start(int port) throws IOException {
        return new RivalProgram(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RivalProgram.class.getName(),
                        Integer.toString(port),
                        "--password=hunter2")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** Waits until it is connected; returns the port of its end. */
    int awaitConnected() throws IOException {
        String line = String.valueOf(output.readLine());
        if (!line.startsWith(CONNECTED)) {
            throw new AssertionError("It said " + line);
        }
        return Integer.parseInt(line.substring(CONNECTED.length()));
    }

    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
