package dev.meshlease.verification.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkStatus;
import dev.meshlease.LossCause;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualEnvironment;
import dev.meshlease.testkit.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on the life of a link names all arrows and causes, tests that exist, and shows what a link prints. */
class LinkLifeTest {
    private static final Path PAGE = Documents.PROJECT.resolve("docs/link-life.md");
    private static final Path PICTURE =
            Documents.PROJECT.resolve("core/src/test/java/dev/meshlease/internal/link/LinkPicture.java");
    private static final Pattern ARROWS = Pattern.compile("case (\\w+) -> EnumSet\\.of\\(([^)]*)\\)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\w+) → (\\w+) \\|[^|]*\\|.*`\\w+#\\w+`.*\\|$");
    private static final Pattern CAUSE = Pattern.compile("(?m)^\\| (\\w+) \\|[^|]*\\|.*`\\w+#\\w+`.*\\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    private static Set<String> found(Path file, Pattern pattern) throws IOException {
        return pattern.matcher(Documents.read(file))
                .results()
                .map(match -> match.groupCount() == 1 ? match.group(1) : match.group(1) + " → " + match.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The picture is what every test of the engine holds its transitions against. */
    @Test
    void each_arrow_has_a_row_with_a_test() throws IOException {
        Set<String> arrows = ARROWS.matcher(Documents.read(PICTURE))
                .results()
                .flatMap(match ->
                        Arrays.stream(match.group(2).split(", ")).map(target -> match.group(1) + " → " + target))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(arrows).hasSizeGreaterThan(15);
        assertThat(found(PAGE, ROW)).isEqualTo(arrows);
    }

    @Test
    void each_cause_has_a_row_with_a_test() throws IOException {
        assertThat(found(PAGE, CAUSE))
                .isEqualTo(Arrays.stream(LossCause.values())
                        .map(Enum::name)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void each_test_is_there() throws IOException {
        for (MatchResult match : TEST.matcher(Documents.read(PAGE)).results().toList()) {
            assertThat(source(match.group(1))).as(match.group()).containsPattern(" void " + match.group(2) + "\\(");
        }
    }

    /** Of all classes of that name: the engine and the simulated node each have a RivalryTest. */
    private static String source(String test) throws IOException {
        StringBuilder sources = new StringBuilder();
        for (String tree :
                List.of("core/src/test", "testkit/src/test", "testkit/src/main", "transport-serial/src/test")) {
            try (Stream<Path> files = Files.walk(Documents.PROJECT.resolve(tree))) {
                for (Path file :
                        files.filter(each -> each.endsWith(test + ".java")).toList()) {
                    sources.append(Documents.read(file));
                }
            }
        }
        return sources.toString();
    }

    @Test
    void a_displaced_link_prints_what_the_page_shows() throws IOException {
        VirtualEnvironment environment = VirtualEnvironment.create(1);
        try (SimulatedNode node = SimulatedNode.builder().nodes(3).start(environment);
                LinkRegistry links = environment.registry()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(Duration.ofSeconds(30));
            node.inject(Fault.duel(Duration.ofSeconds(1)));
            environment.advance(Duration.ofMinutes(2));

            LinkStatus status = bot.status();
            String printed = status + "\n"
                    + status.losses().stream().map(LinkLoss::toString).collect(Collectors.joining("\n"));
            assertThat(Documents.read(PAGE)).contains("```\n" + printed + "\n```");
        }
    }
}
