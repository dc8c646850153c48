package dev.meshlease.verification.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project's documents are. */
public final class Documents {
    /** Where the wrapper is, upwards from where the test runs. */
    public static final Path PROJECT = project();

    private Documents() {}

    /** A document, with line ends as here. */
    public static String read(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }

    private static Path project() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        assertThat(folder).as("A folder with mvnw").isNotNull();
        return folder;
    }
}
