package dev.meshlease.testkit.junit;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.testkit.assertj.MeshleaseAssertions.assertThat;
import static dev.meshlease.testkit.junit.JudgedSamples.PATIENCE;
import static dev.meshlease.testkit.junit.JudgedSamples.close;
import static dev.meshlease.testkit.junit.JudgedSamples.connect;
import static dev.meshlease.testkit.junit.JudgedSamples.frame;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualEnvironment;
import dev.meshlease.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Test classes whose tests share a node or a registry, for {@link JudgementTest}. Some of them do what they should not. */
final class SharedSamples {
    private SharedSamples() {}

    /** One strict node for all tests, and a registry for each. */
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static final class OneOfManyMisbehaves {
        @Simulated(nodes = 1, strict = true)
        static SimulatedNode node;

        @Test
        void a_keeps_to_the_rules(LinkRegistry links) {
            try (Lease bot = links.acquire(node.endpoint(), "bot")) {
                bot.ready().await(PATIENCE);
            }
        }

        @Test
        void b_leaves_a_lease_open(LinkRegistry links) {
            links.acquire(node.endpoint(), "forgetful").ready().await(PATIENCE);
        }

        @Test
        void c_sends_what_nobody_expects(LinkRegistry links, VirtualTime time) {
            try (Lease bot = links.acquire(node.endpoint(), "bot")) {
                bot.ready().await(PATIENCE);
                bot.send(text("a surprise"));
                time.advance(Duration.ofSeconds(1));
            }
        }

        @Test
        void d_beats_loudly(VirtualEnvironment environment) {
            ByteLink client = connect(
                    environment,
                    node.endpoint(),
                    frame(ToRadio.newBuilder()
                            .setHeartbeat(Heartbeat.newBuilder().setNonce(1))));
            close(environment, client);
        }

        @Test
        void e_connects_twice(VirtualEnvironment environment) {
            ByteLink first = connect(environment, node.endpoint(), new byte[0]);
            ByteLink second = connect(environment, node.endpoint(), new byte[0]);
            close(environment, first);
            close(environment, second);
        }

        @Test
        void f_stays_connected(VirtualEnvironment environment) {
            JudgedSamples.KeepsItsOwnRegistry.own = environment.registry();
            JudgedSamples.KeepsItsOwnRegistry.own
                    .acquire(node.endpoint(), "own")
                    .ready()
                    .await(PATIENCE);
        }

        @Test
        void g_finds_a_client_there(VirtualTime time) {
            JudgedSamples.KeepsItsOwnRegistry.own.close();
            time.advance(Duration.ofSeconds(1));
        }

        @Test
        void h_keeps_to_the_rules(LinkRegistry links) {
            a_keeps_to_the_rules(links);
        }
    }

    /** A registry and a lease of the class, which are nobody's leak. */
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static final class OneLeaseOfManyIsLeaked {
        @Simulated(strict = true)
        static SimulatedNode node;

        static Lease shared;

        @BeforeAll
        static void acquires(LinkRegistry links) {
            shared = links.acquire(node.endpoint(), "shared");
            shared.ready().await(PATIENCE);
        }

        @AfterAll
        static void closes() {
            shared.close();
        }

        @Test
        void a_closes_what_it_opens(LinkRegistry links) {
            links.acquire(node.endpoint(), "tidy").close();
        }

        @Test
        void b_leaves_a_lease_open(LinkRegistry links) {
            links.acquire(node.endpoint(), "forgetful").ready().await(PATIENCE);
        }

        @Test
        void c_closes_what_it_opens(LinkRegistry links) {
            a_closes_what_it_opens(links);
        }
    }

    /** A link of the class lingers from test to test. */
    static final class LingersFromTestToTest {
        @Simulated(strict = true)
        static SimulatedNode node;

        @BeforeAll
        static void asks_first(LinkRegistry links) {
            assertThat(node).hasNoClient();
        }

        @Test
        void one(LinkRegistry links) {
            try (Lease bot = links.acquire(node.endpoint(), "bot")) {
                bot.ready().await(PATIENCE);
            }
        }

        @Test
        void two(LinkRegistry links) {
            one(links);
        }
    }

    /** A registry of the class, and a node for each test. */
    static final class OneRegistryAndManyNodes {
        @Simulated(strict = true)
        SimulatedNode node;

        OneRegistryAndManyNodes(LinkRegistry links) {
            this.links = links;
        }

        final LinkRegistry links;

        @Test
        void one() {
            try (Lease bot = links.acquire(node.endpoint(), "bot")) {
                bot.ready().await(PATIENCE);
            }
        }

        @Test
        void two() {
            one();
        }
    }

    /** A node that is around the test's own class. */
    static final class AroundAnother {
        @Simulated(strict = true)
        static SimulatedNode node;

        @Nested
        class Inner {
            @Simulated
            SimulatedNode other;

            @Test
            void leaves_a_lease_open(LinkRegistry links) {
                links.acquire(other.endpoint(), "forgetful").ready().await(PATIENCE);
            }
        }
    }
}
