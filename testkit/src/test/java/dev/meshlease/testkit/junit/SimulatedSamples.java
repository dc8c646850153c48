package dev.meshlease.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualEnvironment;
import dev.meshlease.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Test classes that {@link SimulatedExtensionTest} runs; they leave what they saw in {@link #seen}. Some of them fail on purpose. */
final class SimulatedSamples {
    static final List<Sighting> seen = new ArrayList<>();

    record Sighting(String where, SimulatedNode node, VirtualEnvironment environment, LinkRegistry links) {
        String address() {
            return node.endpoint().address();
        }

        boolean nodeIsReachable() {
            return Connecting.opens(environment, node.endpoint());
        }
    }

    abstract static class Sample {
        void sees(String where, SimulatedNode node, VirtualTime time, LinkRegistry links) {
            seen.add(new Sighting(where, node, (VirtualEnvironment) time, links));
            assertThat(Connecting.opens((VirtualEnvironment) time, node.endpoint()))
                    .isTrue();
        }
    }

    static class OnePerTest extends Sample {
        @Simulated
        private SimulatedNode node;

        @BeforeEach
        void is_there_already(VirtualTime time) {
            assertThat(node.endpoint().scheme()).isEqualTo("sim");
        }

        @Test
        void one(VirtualTime time, LinkRegistry links) {
            sees("one", node, time, links);
        }

        @Test
        void two(VirtualEnvironment environment, LinkRegistry links) {
            sees("two", node, environment, links);
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OnePerTestInOneInstance extends OnePerTest {}

    static class OnePerClass extends Sample {
        @Simulated(nodes = 2)
        static SimulatedNode shared;

        @Simulated
        SimulatedNode own;

        @BeforeAll
        static void is_there_already() {
            assertThat(shared.peers()).hasSize(2);
        }

        @Test
        void one(VirtualTime time, LinkRegistry links) {
            sees("shared", shared, time, links);
            sees("own", own, time, links);
        }

        @Test
        void two(VirtualTime time, LinkRegistry links) {
            sees("shared", shared, time, links);
            sees("own", own, time, links);
        }
    }

    static class RegistryOfTheClass extends Sample {
        @Simulated
        static SimulatedNode node;

        @BeforeAll
        static void asks_first(LinkRegistry links, VirtualTime time) {
            new RegistryOfTheClass().sees("before", node, time, links);
        }

        @Test
        void one(VirtualTime time, LinkRegistry links) {
            sees("one", node, time, links);
            assertThat(links.describe()).doesNotContain("closed");
        }
    }

    static class Outer extends Sample {
        @Simulated
        static SimulatedNode shared;

        @Simulated
        SimulatedNode outer;

        @Nested
        class Inner {
            @Simulated
            SimulatedNode inner;

            @Test
            void sees_all(VirtualTime time, LinkRegistry links) {
                sees("shared", shared, time, links);
                sees("outer", outer, time, links);
                sees("inner", inner, time, links);
            }
        }
    }

    static class Recorded extends Sample {
        @Simulated(recording = "45-handshake-with-nodes")
        SimulatedNode node;

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void has_the_recorded_peers(int round, VirtualTime time, LinkRegistry links) {
            assertThat(node.peers()).isNotEmpty();
            sees("round " + round, node, time, links);
        }
    }

    static class Failing {
        @Simulated
        SimulatedNode node;

        @Test
        void fails(VirtualEnvironment environment, LinkRegistry links) {
            seen.add(new Sighting("failing", node, environment, links));
            throw new AssertionError("as it should");
        }
    }

    static class ThrowingTask {
        @Simulated
        SimulatedNode node;

        @Test
        void looks_fine(VirtualEnvironment environment) {
            environment.callbacks().execute(() -> {
                throw new CompletionException("nobody waited for this", null);
            });
        }
    }

    static class FailingAfterwards {
        @Simulated
        SimulatedNode node;

        @AfterEach
        void fails(VirtualTime time) {
            throw new AssertionError("afterwards");
        }

        @Test
        void looks_fine() {
            assertThat(node).isNotNull();
        }
    }

    static class FinalField {
        @Simulated
        final SimulatedNode node = null;

        @Test
        void never_runs() {}
    }

    static class FieldOfAnotherType {
        @Simulated
        String node;

        @Test
        void never_runs() {}
    }

    static class RecordingAndNodes {
        @Simulated(recording = "45-handshake-with-nodes", nodes = 3)
        SimulatedNode node;

        @Test
        void never_runs() {}
    }

    static class TwoFaces {
        @Simulated
        SimulatedNode one;

        @Simulated(face = Simulated.Face.TCP)
        SimulatedNode two;

        @Test
        void never_runs() {}
    }

    static class TimeOnTcp {
        @Simulated(face = Simulated.Face.TCP)
        SimulatedNode node;

        @Test
        void never_runs(VirtualTime time) {}
    }
}
