package dev.meshlease.verification.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the build has put what integration tests need; see this project's POM. */
public final class Build {
    private Build() {}

    /** The file or folder that a system property names. */
    public static Path path(String property) {
        String value = System.getProperty(property);
        assertThat(value).as("Run by Maven, which sets " + property).isNotNull();
        return Path.of(value);
    }

    /** The jars that a program has which uses all of meshlease, testkit included. */
    public static List<Path> dependencies() throws IOException {
        String classPath = Files.readString(path("application.dependencies"));
        return List.of(classPath.split(File.pathSeparator)).stream()
                .map(Path::of)
                .toList();
    }
}
