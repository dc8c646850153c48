package dev.meshlease.verification.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.testkit.node.Switch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what the simulated node does names switches and tests that exist. */
class BehaviourTableTest {
    private static final Path TABLE = Documents.PROJECT.resolve("docs/simulated-node-behaviour.md");
    private static final Pattern SWITCH = Pattern.compile("`([a-z0-9-]+)` = ([a-z0-9-]+)");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    private static Stream<MatchResult> found(Pattern pattern) throws IOException {
        return pattern.matcher(Documents.read(TABLE)).results();
    }

    @Test
    void each_switch_is_in_it_with_its_usual_value() throws IOException {
        Set<String> named = new TreeSet<>();
        found(SWITCH).forEach(match -> {
            Switch<?> point = Switch.named(match.group(1));
            assertThat(point.parse(match.group(2))).as(match.group()).isEqualTo(point.usual());
            named.add(point.name());
        });

        assertThat(named)
                .isEqualTo(Switch.all().stream().map(Switch::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void each_test_is_there() throws IOException {
        Set<String> tests = found(TEST).map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
        assertThat(tests).isNotEmpty();
        for (MatchResult match : found(TEST).toList()) {
            assertThat(source(match.group(1)))
                    .as(match.group())
                    .containsPattern(" (void|Stream<DynamicTest>) " + match.group(2) + "\\(");
        }
    }

    private static String source(String test) throws IOException {
        Path sources = Documents.PROJECT.resolve("testkit/src/test/java");
        try (Stream<Path> files = Files.walk(sources)) {
            return Documents.read(files.filter(file -> file.endsWith(test + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("There is no " + test + " below " + sources)));
        }
    }
}
