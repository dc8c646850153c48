package dev.meshlease.verification.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.verification.process.Build;
import dev.meshlease.verification.process.Child;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The testkit's extension, compiled with one version of JUnit, on others: each with its own launcher and in its own JVM. */
class JUnitVersionsIT {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "JUnit {0}")
    @CsvSource({"5.11, 1.11", "5.14, 1.14", "6.1, 6.1"})
    void the_samples_pass_and_failures_carry_their_seed(String unused, String platform) throws Exception {
        Child.Outcome outcome = Child.java(
                folder,
                List.of(
                        "-jar",
                        console(platform).toString(),
                        "execute",
                        "--disable-banner",
                        "--disable-ansi-colors",
                        "--class-path=" + classPath(),
                        "--select-class=" + NodesSample.class.getName(),
                        "--select-class=" + TcpSample.class.getName(),
                        "--select-class=" + StrictSample.class.getName(),
                        "--select-class=" + FailingSample.class.getName()));

        assertThat(outcome.output().stream().map(line -> line.replaceAll(" +", " ")))
                .as(outcome.errors())
                .contains("[ 12 tests found ]", "[ 9 tests successful ]", "[ 3 tests failed ]");
        assertThat(outcome.output())
                .filteredOn(line -> line.matches(".*Suppressed: .* -Dmeshlease\\.testkit\\.seed=-?\\d+"))
                .as("failures in a test and after it")
                .hasSize(3);
        assertThat(outcome.output()).anyMatch(line -> line.contains("nobody expected TEXT_MESSAGE_APP \"unexpected\""));
        assertThat(outcome.status()).as("the exit code after failures").isEqualTo(1);
    }

    private static Path console(String platform) throws IOException {
        String name = "junit-platform-console-standalone-" + platform + ".";
        try (Stream<Path> consoles = Files.list(Build.path("junit.consoles"))) {
            return consoles.filter(jar -> jar.getFileName().toString().startsWith(name))
                    .findAny()
                    .orElseThrow(() -> new AssertionError("The POM copies no console " + platform));
        }
    }

    /** The samples, and what a program gets with meshlease. JUnit is the console's alone. */
    private static String classPath() throws IOException {
        List<Path> dependencies = Build.dependencies();
        assertThat(dependencies).noneMatch(jar -> jar.getFileName().toString().startsWith("junit"));
        return Stream.concat(Stream.of(Build.path("samples")), dependencies.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
