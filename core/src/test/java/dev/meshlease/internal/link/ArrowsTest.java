package dev.meshlease.internal.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The page on the life of a link names a test for each arrow; here they are run, and seen to take it. */
class ArrowsTest {
    private static final Path PAGE = Path.of("..", "docs", "link-life.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\w+ → \\w+) \\|[^|]*\\|(.*)\\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    @TestFactory
    Stream<DynamicTest> each_test_takes_the_arrow_that_it_is_named_for() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (MatchResult row : ROW.matcher(Files.readString(PAGE)).results().toList()) {
            for (MatchResult test : TEST.matcher(row.group(2)).results().toList()) {
                tests.add(DynamicTest.dynamicTest(
                        row.group(1) + ": " + test.group(2), () -> takes(row.group(1), test.group(1), test.group(2))));
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests.stream();
    }

    private static void takes(String arrow, String type, String name) throws ReflectiveOperationException {
        Class<?> test = Class.forName(ArrowsTest.class.getPackageName() + "." + type);
        Method method = Arrays.stream(test.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findAny()
                .orElseThrow();
        LinkPicture.TAKEN.clear();
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(test, method))
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.failed(0));
        assertThat(LinkPicture.TAKEN).contains(arrow);
    }
}
