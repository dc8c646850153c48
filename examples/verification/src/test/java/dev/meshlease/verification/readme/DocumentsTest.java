package dev.meshlease.verification.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show is compiled, and what they point to is there. */
class DocumentsTest {
    /** A Java block, and the comment before it that says which region of which file it is: {@code <!-- PATH#REGION -->}. */
    private static final Pattern JAVA =
            Pattern.compile("(?:<!-- (?<path>\\S+)#(?<region>\\S+) -->\\n)?```java\\n(?<code>.*?)```", Pattern.DOTALL);

    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|Contract))#(\\w+)`");

    private static final Pattern TEST_FILE = Pattern.compile("(\\w+(?:Test|IT|Contract))\\.java");

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#|mailto:)([^)#\\s]+)");

    @ParameterizedTest
    @MethodSource("documents")
    void show_only_java_that_is_compiled(Path document) throws IOException {
        assertThat(compiledRegions(document)).doesNotHaveDuplicates();
    }

    @Test
    void those_that_are_to_show_java_do() throws IOException {
        assertThat(compiledRegions(Path.of("README.md"))).contains("quickstart", "test");
        assertThat(compiledRegions(Path.of("docs/streams.md")))
                .contains("push", "pull", "publisher", "resume", "story");
    }

    /** The regions that a document shows, each the same as in its source. */
    private static List<String> compiledRegions(Path document) throws IOException {
        Matcher block = JAVA.matcher(Documents.read(Documents.PROJECT.resolve(document)));
        List<String> regions = new ArrayList<>();
        while (block.find()) {
            assertThat(block.group("path"))
                    .as("The source of\n" + block.group("code"))
                    .isNotNull();
            assertThat(block.group("code"))
                    .isEqualTo(region(Documents.PROJECT.resolve(block.group("path")), block.group("region")));
            regions.add(block.group("region"));
        }
        return regions;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void links_lead_somewhere(Path document) throws IOException {
        Matcher link = LINK.matcher(Documents.read(Documents.PROJECT.resolve(document)));
        while (link.find()) {
            assertThat(Documents.PROJECT.resolve(document).resolveSibling(link.group(1)))
                    .exists();
        }
    }

    @Test
    void tests_that_are_named_are_there() throws IOException {
        Map<String, String> tests = tests();
        for (Path document : documents()) {
            String text = Documents.read(Documents.PROJECT.resolve(document));
            for (MatchResult test : TEST.matcher(text).results().toList()) {
                assertThat(tests.getOrDefault(test.group(1), ""))
                        .as(document + ": " + test.group())
                        .containsPattern(" " + test.group(2) + "\\(");
            }
        }
    }

    /** By the name of the class; of all classes of that name, if there are several. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (Path parent : List.of(Documents.PROJECT, Documents.PROJECT.resolve("examples"))) {
            try (DirectoryStream<Path> modules = Files.newDirectoryStream(parent, Files::isDirectory)) {
                for (Path module : modules) {
                    addTests(module.resolve("src"), tests);
                }
            }
        }
        return tests;
    }

    private static void addTests(Path sources, Map<String, String> tests) throws IOException {
        if (!Files.exists(sources)) {
            return;
        }
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.toList()) {
                Matcher name = TEST_FILE.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    tests.merge(name.group(1), Documents.read(file), String::concat);
                }
            }
        }
    }

    static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(Documents.PROJECT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(Documents.PROJECT::resolve),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .map(Documents.PROJECT::relativize)
                    .toList();
        }
    }

    /** The lines between {@code // tag::name} and {@code // end::name}, without the indentation they share. */
    private static String region(Path source, String name) throws IOException {
        List<String> lines = Documents.read(source).lines().toList();
        int from = lineOf(lines, "// tag::" + name, source);
        int to = lineOf(lines, "// end::" + name, source);
        return String.join("\n", lines.subList(from + 1, to)).stripIndent() + "\n";
    }

    private static int lineOf(List<String> lines, String marker, Path source) {
        List<String> stripped = lines.stream().map(String::strip).toList();
        assertThat(stripped).as(source.toString()).containsOnlyOnce(marker);
        return stripped.indexOf(marker);
    }
}
