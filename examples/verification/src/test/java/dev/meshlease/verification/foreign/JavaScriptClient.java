package dev.meshlease.verification.foreign;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import dev.meshlease.verification.process.Build;
import dev.meshlease.verification.process.Child;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The official JavaScript client with a script of ours, {@code foreign-client/client.mjs}.
 *
 * <p>{@code npm} installs it once per build, below {@code target} and outside of what becomes a jar. No lock file: the versions stand in
 * {@code package.json}. Scripts of packages are not run. Where {@code npm} or its registry cannot be had, tests are skipped; CI must have both.
 */
final class JavaScriptClient {
    private static final Path FOLDER = Build.path("foreign.client");
    private static final Path SCRIPT = FOLDER.resolve("client.mjs");

    /** A copy of the {@code package.json} whose packages are installed. */
    private static final Path INSTALLED = FOLDER.resolve("installed.json");

    private static final List<String> INSTALL = List.of(
            System.getProperty("os.name").startsWith("Windows") ? "npm.cmd" : "npm",
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--no-update-notifier",
            "--engine-strict",
            "--prefer-offline",
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=500",
            "--fetch-timeout=8000");

    private JavaScriptClient() {}

    static void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        byte[] wanted = resource("package.json");
        Files.write(SCRIPT, resource("client.mjs"));
        if (Files.exists(INSTALLED) && Arrays.equals(Files.readAllBytes(INSTALLED), wanted)) {
            return;
        }
        Files.write(FOLDER.resolve("package.json"), wanted);
        try (Child npm = launch(FOLDER, INSTALL)) {
            Child.Outcome outcome = npm.end();
            if (outcome.status() != 0) {
                unavailable("npm could not install the client: " + outcome.errors());
            }
        }
        Files.write(INSTALLED, wanted);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream resource = JavaScriptClient.class.getResourceAsStream("/foreign-client/" + name)) {
            return Objects.requireNonNull(resource, name).readAllBytes();
        }
    }

    /** Has it connect to a node, which should know the peer. */
    static Child start(Path folder, SimulatedNode node, SimulatedPeer peer) {
        String address = node.endpoint().address();
        int colon = address.lastIndexOf(':');
        return launch(
                folder,
                List.of(
                        "node",
                        SCRIPT.toString(),
                        address.substring(0, colon),
                        address.substring(colon + 1),
                        Integer.toUnsignedString(peer.id().number())));
    }

    private static Child launch(Path folder, List<String> command) {
        try {
            return Child.start(folder, command);
        } catch (IOException e) {
            return unavailable(e.getMessage());
        }
    }

    /** Does not return. */
    private static <T> T unavailable(String why) {
        String message = why
                + "\nThis test needs Node.js 18 or newer with npm, and npm's registry until the client is in npm's cache.";
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }
}
