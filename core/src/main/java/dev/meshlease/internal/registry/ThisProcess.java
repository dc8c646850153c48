package dev.meshlease.internal.registry;

import dev.meshlease.spi.ClaimHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** How this process shows itself to others. */
final class ThisProcess {
    static final String HOST = host();
    static final long PID = ProcessHandle.current().pid();
    static final String PROGRAM = program();

    private ThisProcess() {}

    static ClaimHolder holding(List<String> holders, Instant since) {
        return new ClaimHolder(HOST, PID, PROGRAM, holders, since);
    }

    private static String program() {
        // The launcher's own record of the main class or jar; the rest of it are arguments, which may be secret.
        String command = System.getProperty("sun.java.command", "").strip();
        if (!command.isEmpty()) {
            String main = command.split(" ", 2)[0];
            return main.substring(Math.max(main.lastIndexOf('/'), main.lastIndexOf('\\')) + 1);
        }
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** Not through {@code InetAddress.getLocalHost()}, which may ask a name server and take its time. */
    private static String host() {
        for (String variable : List.of("HOSTNAME", "COMPUTERNAME")) {
            String name = System.getenv(variable);
            if (name != null && !name.isBlank()) {
                return name.strip();
            }
        }
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return name.isEmpty() ? "this machine" : name;
        } catch (IOException | SecurityException unknown) {
            return "this machine";
        }
    }
}
