package dev.meshlease.verification.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The compiled tests of all modules and examples, as far as they are built: those of this build always are, for this module is its last. */
final class TestCode {
    static final JavaClasses ALL = new ClassFileImporter().importPaths(folders());

    private TestCode() {}

    private static List<Path> folders() {
        Path examples = Path.of("").toAbsolutePath().getParent();
        Path root = examples.getParent();
        return Stream.of(root, examples)
                .flatMap(TestCode::modules)
                .map(module -> module.resolve("target/test-classes"))
                .filter(Files::isDirectory)
                .toList();
    }

    private static Stream<Path> modules(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> Files.isRegularFile(each.resolve("pom.xml"))).toList().stream();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
