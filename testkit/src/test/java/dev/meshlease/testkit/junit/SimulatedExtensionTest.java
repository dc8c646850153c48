package dev.meshlease.testkit.junit;

import static dev.meshlease.testkit.junit.SimulatedSamples.seen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import dev.meshlease.testkit.junit.SimulatedSamples.Sighting;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs the samples in an engine of their own. */
class SimulatedExtensionTest {
    private static Events run(Class<?> sample) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(sample))
                .execute()
                .allEvents();
    }

    private static void runsWell(Class<?> sample, int tests) {
        run(sample).assertStatistics(events -> events.failed(0).aborted(0));
        assertThat(seen).hasSize(tests);
    }

    @BeforeEach
    void forget() {
        seen.clear();
    }

    @Test
    void an_instance_field_has_a_node_for_each_test() {
        runsWell(SimulatedSamples.OnePerTest.class, 2);
        Sighting one = seen.get(0);
        Sighting two = seen.get(1);
        assertThat(one.node()).isNotSameAs(two.node());
        assertThat(one.environment()).isNotSameAs(two.environment());
        assertThat(one.links()).isNotSameAs(two.links());
        assertThat(seen).extracting(Sighting::address).containsExactly("node-1", "node-1");
        assertThat(seen).as("nodes are closed after their test").noneMatch(Sighting::nodeIsReachable);
    }

    @Test
    void an_instance_field_has_a_node_for_each_test_even_if_the_instance_is_the_same() {
        runsWell(SimulatedSamples.OnePerTestInOneInstance.class, 2);
        assertThat(seen.get(0).node()).isNotSameAs(seen.get(1).node());
        assertThat(seen.get(0).environment()).isNotSameAs(seen.get(1).environment());
        assertThat(seen).noneMatch(Sighting::nodeIsReachable);
    }

    @Test
    void a_static_fields_node_and_its_time_are_shared_by_the_class() {
        runsWell(SimulatedSamples.OnePerClass.class, 4);
        assertThat(seen).extracting(Sighting::address).containsExactly("node-1", "node-2", "node-1", "node-3");
        assertThat(seen)
                .extracting(Sighting::environment)
                .containsOnly(seen.get(0).environment());
        assertThat(seen.get(0).links())
                .isSameAs(seen.get(1).links())
                .isNotSameAs(seen.get(2).links());
        assertThat(seen).as("all are closed in the end").noneMatch(Sighting::nodeIsReachable);
    }

    @Test
    void a_registry_asked_for_before_all_tests_is_shared_by_them() {
        runsWell(SimulatedSamples.RegistryOfTheClass.class, 2);
        assertThat(seen).extracting(Sighting::links).containsOnly(seen.get(0).links());
    }

    @Test
    void a_nested_class_sees_the_nodes_around_it() {
        runsWell(SimulatedSamples.Outer.class, 3);
        assertThat(seen).extracting(Sighting::address).containsExactly("node-1", "node-2", "node-3");
        assertThat(seen)
                .extracting(Sighting::environment)
                .containsOnly(seen.get(0).environment());
    }

    @Test
    void a_node_can_play_a_recording() {
        runsWell(SimulatedSamples.Recorded.class, 2);
        assertThat(seen.get(0).node()).isNotSameAs(seen.get(1).node());
    }

    @Test
    void a_failure_carries_the_seed() {
        Events events = run(SimulatedSamples.Failing.class);
        String hint = "-Dmeshlease.testkit.seed=" + seen.get(0).environment().seed();
        events.assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("fails"),
                                finishedWithFailure(
                                        message("as it should"), suppressed(0, message(containing(hint))))));
        assertThat(seen).noneMatch(Sighting::nodeIsReachable);
    }

    @Test
    void what_a_task_throws_after_the_test_fails_it_all_the_same() {
        run(SimulatedSamples.ThrowingTask.class)
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("looks_fine"),
                                finishedWithFailure(
                                        instanceOf(AssertionError.class),
                                        message(containing("nobody waited for this")))));
    }

    @Test
    void a_failure_in_a_lifecycle_method_carries_the_seed_too() {
        run(SimulatedSamples.FailingAfterwards.class)
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("looks_fine"),
                                finishedWithFailure(
                                        message("afterwards"),
                                        suppressed(0, message(containing("-Dmeshlease.testkit.seed="))))));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                SimulatedSamples.FinalField.class,
                SimulatedSamples.FieldOfAnotherType.class,
                SimulatedSamples.RecordingAndNodes.class,
                SimulatedSamples.TwoFaces.class,
                SimulatedSamples.TimeOnTcp.class
            })
    void a_mistake_is_told_at_once(Class<?> sample) {
        String word = sample == SimulatedSamples.FinalField.class
                ? "must not be final"
                : sample == SimulatedSamples.FieldOfAnotherType.class
                        ? "must be of type SimulatedNode"
                        : sample == SimulatedSamples.RecordingAndNodes.class
                                ? "leave out nodes"
                                : sample == SimulatedSamples.TwoFaces.class ? "different faces" : "face = TCP";
        run(sample).assertThatEvents().haveExactly(1, event(finishedWithFailure(message(containing(word)))));
    }

    private static Predicate<String> containing(String part) {
        return text -> text.contains(part);
    }
}
