package dev.meshlease.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;

/** The Technology Compatibility Kit of Reactive Streams, for publishers. */
class PublisherRulesTest {
    @Test
    void a_leases_publisher_keeps_the_rules_of_reactive_streams() {
        Results results = new Results();
        TestNG kit = new TestNG(false);
        kit.setTestClasses(new Class<?>[] {PublisherRules.class});
        kit.setUseDefaultListeners(false);
        kit.setVerbose(0);
        kit.addListener(results);
        kit.run();

        assertThat(results.failed).isEmpty();
        assertThat(results.passed).as("tests that were run").hasSize(28);
        assertThat(results.skipped)
                .as("rules that the kit itself cannot check, and what is optional")
                .allSatisfy(name -> assertThat(name).containsAnyOf("untested_", "optional_"));
    }

    /** What became of each test. */
    private static final class Results implements ITestListener {
        private final List<String> passed = new ArrayList<>();
        private final List<String> skipped = new ArrayList<>();
        private final List<String> failed = new ArrayList<>();

        @Override
        public void onTestSuccess(ITestResult result) {
            passed.add(result.getName());
        }

        @Override
        public void onTestSkipped(ITestResult result) {
            skipped.add(result.getName());
        }

        @Override
        public void onTestFailure(ITestResult result) {
            failed.add(result.getName() + ": " + result.getThrowable());
        }
    }
}
