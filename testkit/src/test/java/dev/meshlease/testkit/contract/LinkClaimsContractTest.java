package dev.meshlease.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The contract finds what is wrong with a store. */
class LinkClaimsContractTest {
    private int ran;

    @AfterEach
    void end() {
        FlawedSamples.flaw = Flaw.NONE;
    }

    @ParameterizedTest
    @EnumSource
    void a_flaw_fails_the_tests_that_are_about_it_and_none_fails_none(Flaw flaw) {
        FlawedSamples.flaw = flaw;

        Set<String> failed = failed();

        assertThat(ran).as("tests that ran").isGreaterThan(15);
        if (flaw == Flaw.NONE) {
            assertThat(failed).isEmpty();
        } else {
            assertThat(flaw.foundBy).isNotEmpty();
            assertThat(failed).containsAll(flaw.foundBy);
        }
    }

    private Set<String> failed() {
        Set<String> failed = new TreeSet<>();
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(FlawedSamples.OfAFlawedStore.class))
                .execute()
                .testEvents()
                .finished()
                .stream()
                .forEach(event -> {
                    ran++;
                    TestExecutionResult result = event.getRequiredPayload(TestExecutionResult.class);
                    if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                        failed.add(event.getTestDescriptor()
                                .getSource()
                                .map(source -> ((MethodSource) source).getMethodName())
                                .orElseThrow());
                    }
                });
        return failed;
    }
}
