package dev.meshlease.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged jar, run as a user runs it. */
class BenchmarksIT {
    private static final long LIMIT_SECONDS = 60;

    @TempDir
    Path directory;

    private record Run(int status, String out, String err) {}

    private Run run(String... words) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmeshlease.claims=" + System.getProperty("meshlease.claims", ""),
                "-jar",
                Path.of("target", "benchmarks.jar").toAbsolutePath().toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
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
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void lists_its_benchmarks() throws Exception {
        assertThat(run("--help")).isEqualTo(new Run(0, Usage.text(Catalogue.BENCHMARKS), ""));
        assertThat(run()).isEqualTo(new Run(0, Usage.text(Catalogue.BENCHMARKS), ""));
    }

    @Test
    void refuses_a_name_it_does_not_know() throws Exception {
        Run run = run("simulator.bogus");

        assertThat(run.status()).isEqualTo(64);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasLineCount(1).contains("'simulator.bogus'").contains("simulator.handshake");
    }

    /** One pair says nothing about speed, but that both sides work. */
    @Test
    void compares_a_handshake_with_the_same_bytes_from_a_plain_thread() throws Exception {
        Run run = run("--pairs", "1", "simulator.handshake");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .hasLineCount(1)
                .matches("simulator\\.handshake ratio=\\d+\\.\\d\\d \\[\\d+\\.\\d\\d\\.\\.\\d+\\.\\d\\d] pairs=1"
                        + " jdk=\\S+ cpus=\\d+ control=\\d+\\.\\d\\d target<=5 INCONCLUSIVE\n");
        assertThat(run.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"codec.slice", "frame.peek", "frame.share64", "fanout.64", "fanout.stall", "link.throughput"})
    void both_sides_of_a_comparison_do_their_work(String name) throws Exception {
        Run run = run("--pairs", "1", name);

        assertThat(run.out()).as("%s", run.err()).hasLineCount(1).contains(name + " ratio=", "INCONCLUSIVE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fanout.alloc", "lease.idle"})
    void what_is_counted_is_told(String name) throws Exception {
        Run run = run(name);

        assertThat(run.out()).as("%s", run.err()).hasLineCount(1).contains(name + " bytes=", "leases=");
    }
}
