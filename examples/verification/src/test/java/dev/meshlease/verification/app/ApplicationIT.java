package dev.meshlease.verification.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.verification.process.Build;
import dev.meshlease.verification.process.Child;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jars, in a JVM of their own. */
class ApplicationIT {
    private static final String MAIN = "dev.meshlease.verification.app.Main";
    private static final String MODULE = "dev.meshlease.verification.app";

    @TempDir
    Path folder;

    @Test
    void two_holders_share_a_link_on_the_class_path() throws Exception {
        Child.Outcome outcome = Child.java(folder, List.of("-cp", path(jar -> true), MAIN));

        assertThat(outcome.output()).as(outcome.errors()).containsExactlyElementsOf(story("the unnamed module"));
        assertThat(outcome.status()).isZero();
    }

    /** Nothing requires the transport: it is bound because core uses what it provides. */
    @Test
    void two_holders_share_a_link_on_the_module_path() throws Exception {
        Child.Outcome outcome = Child.java(folder, List.of("-p", path(jar -> true), "-m", MODULE + "/" + MAIN));

        assertThat(outcome.output()).as(outcome.errors()).containsExactlyElementsOf(story("module " + MODULE));
        assertThat(outcome.status()).isZero();
    }

    @Test
    void a_missing_transport_is_named_along_with_those_found() throws Exception {
        String withoutTransports = path(jar -> !jar.contains("meshlease-transport-"));

        Child.Outcome outcome = Child.java(folder, List.of("-p", withoutTransports, "-m", MODULE + "/" + MAIN));

        assertThat(outcome.output()).as(outcome.errors()).hasSize(2);
        assertThat(outcome.output().get(1))
                .startsWith("REFUSED tcp://127.0.0.1:")
                .contains("no transport serves 'tcp'. Found: ")
                .contains("meshlease-transport-tcp brings 'tcp'");
        assertThat(outcome.status()).isEqualTo(3);
    }

    private static List<String> story(String where) {
        return List.of(
                "OK runs in " + where,
                "OK ready, the node knows 2 nodes",
                "OK sent, acknowledged by the peer: true",
                "OK received pong",
                "OK holders 2, connections 1",
                "OK closed");
    }

    /** The program's jar and those of its run-time dependencies whose names pass. */
    private static String path(Predicate<String> wanted) throws IOException {
        return Stream.concat(Stream.of(Build.path("application.jar")), Build.dependencies().stream())
                .filter(entry -> wanted.test(entry.getFileName().toString()))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
