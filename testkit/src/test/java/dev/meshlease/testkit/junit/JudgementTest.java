package dev.meshlease.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What a test may not leave behind, and what a strict one may not do. */
class JudgementTest {
    private static Optional<Throwable> failure(Class<?> sample) {
        Map<String, Optional<Throwable>> failures = failures(sample);
        assertThat(failures).hasSize(1);
        return failures.values().iterator().next();
    }

    /** What the tests of a class failed with, and the class itself. */
    private static Map<String, Optional<Throwable>> failures(Class<?> sample) {
        return failures(sample, false, "same_thread");
    }

    private static Map<String, Optional<Throwable>> failures(Class<?> sample, boolean parallel, String mode) {
        Map<String, Optional<Throwable>> failures = new TreeMap<>();
        EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", String.valueOf(parallel))
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", mode)
                .selectors(selectClass(sample))
                .execute()
                .allEvents()
                .finished()
                .filter(event -> event.getTestDescriptor().isTest()
                        || event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .isPresent())
                .forEach(event -> failures.put(
                        event.getTestDescriptor().getDisplayName(),
                        event.getRequiredPayload(TestExecutionResult.class).getThrowable()));
        return failures;
    }

    private static void assertFailed(Optional<Throwable> failure, String words) {
        assertThat(failure).hasValueSatisfying(thrown -> {
            assertThat(thrown).isInstanceOf(AssertionError.class).hasMessageContaining(words);
            assertThat(thrown.getMessage().lines().filter(line -> line.startsWith("  ") && !line.contains(" s  ")))
                    .as("nothing else is wrong")
                    .hasSizeLessThanOrEqualTo(1);
        });
    }

    @AfterEach
    void closeTheRegistry() {
        if (JudgedSamples.KeepsItsOwnRegistry.own != null) {
            JudgedSamples.KeepsItsOwnRegistry.own.close();
        }
    }

    @AfterAll
    static void endTheThread() {
        JudgedSamples.LeavesAThread.END.countDown();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                JudgedSamples.SaysAllThatItDoes.class,
                JudgedSamples.MayLeaveALeaseOpen.class,
                JudgedSamples.WakesUpPolitely.class,
                JudgedSamples.MayConnectTwice.class,
                JudgedSamples.IsEvictedAndComesBack.class,
                JudgedSamples.LeavesItsNodeStalled.class,
                JudgedSamples.LeavesItsTransportStalled.class,
                JudgedSamples.ClosesItsNode.class,
                JudgedSamples.RepeatsWhatAFaultHasHeldUp.class
            })
    void nothing_is_wrong_with_a_test_that_keeps_to_the_rules(Class<?> sample) {
        assertThat(failure(sample)).isEmpty();
    }

    static Stream<Arguments> offences() {
        return Stream.of(
                Arguments.of(
                        JudgedSamples.SendsWhatNobodyExpects.class,
                        "nobody expected TEXT_MESSAGE_APP \"a surprise\" from !"),
                Arguments.of(
                        JudgedSamples.LeavesALeaseOpen.class, "Leases are still open: 'forgetful' of sim://node-1"),
                Arguments.of(
                        JudgedSamples.LosesALeaseToTheCollector.class, "Leases are still open: 'lost' of sim://node-1"),
                Arguments.of(JudgedSamples.SendsNoise.class, "A sent bytes that belong to no frame"),
                Arguments.of(JudgedSamples.SendsNoMessage.class, "A sent a frame of 2 bytes that is no message"),
                Arguments.of(JudgedSamples.SendsTooEarly.class, "A sent a packet before the handshake is complete"),
                Arguments.of(JudgedSamples.AsksByZero.class, "A sent a want_config_id of 0"),
                Arguments.of(
                        JudgedSamples.RepeatsAnId.class, "it dropped packets in silence: SilentDrops[repeatedIds=1"),
                Arguments.of(JudgedSamples.BeatsLoudly.class, "A sent a heartbeat with nonce 1"),
                Arguments.of(JudgedSamples.ConnectsTwice.class, "B was connected while A still was"),
                Arguments.of(
                        JudgedSamples.KeepsItsOwnRegistry.class, "a client is still connected: close the registry"),
                Arguments.of(JudgedSamples.KeepsItsOwnRegistryAndStalls.class, "a client is still connected"),
                Arguments.of(
                        JudgedSamples.LeavesAThread.class,
                        "The thread meshlease-loop-forgotten of the library goes on after the test"));
    }

    @ParameterizedTest
    @MethodSource("offences")
    void an_offence_fails_the_test_and_is_named(Class<?> sample, String words) {
        assertThat(failure(sample))
                .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining(words));
    }

    @Test
    void a_lease_that_is_left_open_is_told_with_the_stack_that_acquired_it() {
        assertThat(failure(JudgedSamples.LeavesALeaseOpen.class))
                .hasValueSatisfying(failure -> assertThat(failure.getCause().getSuppressed())
                        .singleElement()
                        .satisfies(stack -> assertThat(stack.getStackTrace()[0].getClassName())
                                .isEqualTo(JudgedSamples.LeavesALeaseOpen.class.getName())));
    }

    @Test
    void the_failure_of_a_strict_test_shows_the_conversation() {
        assertThat(failure(JudgedSamples.SendsWhatNobodyExpects.class))
                .hasValueSatisfying(failure -> assertThat(failure.getMessage())
                        .contains("The conversation:\n")
                        .contains("A connects")
                        .containsPattern("A → want_config_id \\d+")
                        .containsPattern("A ← its state in \\d+ messages, and config_complete_id \\d+")
                        .contains("A → TEXT_MESSAGE_APP \"a surprise\""));
    }

    @Test
    void the_failure_of_an_assertion_says_what_there_was_instead_and_what_was_said() {
        assertThat(failure(JudgedSamples.Fails.class)).hasValueSatisfying(failure -> {
            assertThat(failure.getMessage())
                    .contains("to have received TEXT_MESSAGE_APP \"goodbye\" to !ffffffff")
                    .contains("But it was: TEXT_MESSAGE_APP \"hello\" from !")
                    .contains("The conversation:")
                    .contains("A → TEXT_MESSAGE_APP \"hello\"");
            assertThat(failure.getSuppressed())
                    .anySatisfy(note -> assertThat(note)
                            .hasMessageStartingWith("the conversation of the simulated node")
                            .hasMessageContaining("A → TEXT_MESSAGE_APP \"hello\""));
        });
    }

    @Test
    void a_failure_stays_what_it_was_where_the_test_has_closed_its_node() {
        assertThat(failure(JudgedSamples.FailsAfterItsNodeHasGone.class))
                .hasValueSatisfying(failure -> assertThat(failure).hasMessage("on purpose"));
    }

    @Test
    void of_tests_that_share_a_node_the_one_fails_that_misbehaves_and_no_other() {
        Map<String, Optional<Throwable>> failures = failures(SharedSamples.OneOfManyMisbehaves.class);

        assertThat(failures.get("a_keeps_to_the_rules(LinkRegistry)")).isEmpty();
        assertFailed(failures.get("b_leaves_a_lease_open(LinkRegistry)"), "Leases are still open: 'forgetful'");
        assertFailed(
                failures.get("c_sends_what_nobody_expects(LinkRegistry, VirtualTime)"),
                "nobody expected TEXT_MESSAGE_APP \"a surprise\"");
        assertFailed(failures.get("d_beats_loudly(VirtualEnvironment)"), "sent a heartbeat with nonce 1");
        assertFailed(
                failures.get("e_connects_twice(VirtualEnvironment)"), "two clients were connected at the same time");
        assertFailed(failures.get("f_stays_connected(VirtualEnvironment)"), "a client is still connected");
        assertThat(failures.get("g_finds_a_client_there(VirtualTime)")).isEmpty();
        assertThat(failures.get("h_keeps_to_the_rules(LinkRegistry)")).isEmpty();
        assertThat(failures).as("the class itself does not fail").hasSize(8);
    }

    @Test
    void of_tests_that_share_a_registry_the_one_fails_that_leaves_a_lease_open_and_no_other() {
        Map<String, Optional<Throwable>> failures = failures(SharedSamples.OneLeaseOfManyIsLeaked.class);

        assertThat(failures.get("a_closes_what_it_opens(LinkRegistry)")).isEmpty();
        assertFailed(failures.get("b_leaves_a_lease_open(LinkRegistry)"), "Leases are still open: 'forgetful'");
        assertThat(failures.get("c_closes_what_it_opens(LinkRegistry)")).isEmpty();
        assertThat(failures).as("the class itself does not fail").hasSize(3);
    }

    @Test
    void a_link_that_lingers_from_test_to_test_is_no_offence() {
        assertThat(failures(SharedSamples.LingersFromTestToTest.class).values())
                .hasSize(2)
                .containsOnly(Optional.empty());
    }

    @Test
    void nor_is_one_that_lingers_to_the_node_of_the_test_before() {
        assertThat(failures(SharedSamples.OneRegistryAndManyNodes.class).values())
                .hasSize(2)
                .containsOnly(Optional.empty());
    }

    @Test
    void a_strict_node_around_a_test_makes_it_strict_about_leases() {
        assertFailed(failure(SharedSamples.AroundAnother.class), "Leases are still open: 'forgetful'");
    }

    @Test
    void where_tests_run_in_parallel_what_they_share_is_judged_at_the_end() {
        Map<String, Optional<Throwable>> failures =
                failures(SharedSamples.OneLeaseOfManyIsLeaked.class, true, "same_thread");

        assertThat(failures.get("b_leaves_a_lease_open(LinkRegistry)")).isEmpty();
        assertFailed(failures.get("SharedSamples$OneLeaseOfManyIsLeaked"), "Leases are still open: 'forgetful'");
    }

    @Test
    void tests_that_run_at_the_same_time_do_not_know_of_each_other() {
        assertThat(failures(JudgedSamples.RunsBesideItself.class, true, "concurrent")
                        .values())
                .hasSize(8)
                .containsOnly(Optional.empty());
    }
}
