package dev.meshlease.examples.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OneProcessorIT {
    private static final Path MY_STATUS = Path.of("/proc/thread-self/status");

    private static String myProcessors() throws IOException {
        return Files.readAllLines(MY_STATUS).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void confines_the_threads_there_are_and_sets_them_free_again() throws Exception {
        assumeTrue(Files.exists(MY_STATUS), "Not on Linux");
        String before = myProcessors();

        OneProcessor processor = OneProcessor.confine();
        String meanwhile = myProcessors();
        processor.release();

        assertThat(meanwhile).as("With taskset, of util-linux").matches("\\d+");
        assertThat(myProcessors()).isEqualTo(before);
    }
}
