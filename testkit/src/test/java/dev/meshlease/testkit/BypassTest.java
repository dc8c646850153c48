package dev.meshlease.testkit;

import static dev.meshlease.testkit.Watched.stranger;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.ForeignConnection;
import dev.meshlease.ForeignConnections;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.Watch;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Sighting;
import dev.meshlease.spi.Stranger;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.node.Newcomer;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody connects to the node past the library, on a machine that shows it. */
class BypassTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Stranger TRACE = stranger(4711, "python3 trace.py", 50123);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().start(environment);
    private final Watched machine = new Watched(environment);
    private LinkRegistry links;
    private Lease bot;

    private void connect(LinkRegistryBuilder builder) {
        links = builder.transport(machine).withoutMachineClaims().build();
        bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);
    }

    private LinkRegistryBuilder plain() {
        return LinkRegistry.builder().environment(environment);
    }

    private LinkRegistryBuilder in(Environment surroundings) {
        return LinkRegistry.builder().environment(surroundings);
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    @Test
    void whoever_is_there_when_the_link_is_lost_is_named_in_status_log_description_and_exception() {
        connect(plain());
        machine.strangers.add(TRACE);
        try (LogText log = new LogText()) {
            node.evictClient();
            environment.settle();

            assertThat(bot.status().foreign().seen()).singleElement().satisfies(found -> {
                assertThat(found.pid()).hasValue(4711);
                assertThat(found.command()).isEqualTo("python3 trace.py");
                assertThat(found.local()).isEqualTo("10.0.0.5:50123");
                assertThat(found.since()).isEqualTo(environment.now());
                assertThat(found.seenAt()).isEqualTo(environment.now());
                assertThat(found.isThisProgram()).isFalse();
            });
            assertThat(bot.status().toString())
                    .contains("process 4711 (python3 trace.py) from 10.0.0.5:50123 to 10.0.0.7:4403, since 2026-");
            assertThat(log.lines("WARN"))
                    .singleElement()
                    .asString()
                    .contains(
                            node.endpoint()
                                    + ": process 4711 (python3 trace.py) is connected to this node past the library, from 10.0.0.5:50123",
                            "End it");
        }
        assertThat(links.describe()).contains("\n  foreign   process 4711 (python3 trace.py) from", "looked 0.0 s ago");
        assertThatThrownBy(() -> links.open(node.endpoint(), links.defaults()))
                .isInstanceOfSatisfying(
                        DuplicateLinkException.class,
                        refused -> assertThat(refused.foreign())
                                .extracting(ForeignConnection::pid)
                                .containsExactly(OptionalLong.of(4711)))
                .hasMessageContaining(
                        "\n  foreign: process 4711 (python3 trace.py) from 10.0.0.5:50123 to 10.0.0.7:4403");
    }

    @Test
    void another_registry_of_this_program_is_told_as_well() {
        connect(plain());
        machine.strangers.add(TRACE);
        node.evictClient();
        environment.settle();
        try (LinkRegistry second = plain().transport(machine).build()) {
            assertThatThrownBy(() -> second.acquire(node.endpoint(), "trace"))
                    .isInstanceOfSatisfying(DuplicateLinkException.class, refused -> {
                        assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.JVM);
                        assertThat(refused.foreign())
                                .isEqualTo(bot.status().foreign().seen());
                    });
        }
    }

    @Test
    void it_is_looked_again_while_there_is_somebody_and_no_longer_when_he_is_gone() {
        connect(plain());
        List<LinkStatus> told = new ArrayList<>();
        bot.watch(Watch.status(), told::add);
        machine.strangers.add(TRACE);
        node.evictClient();
        environment.advance(Duration.ofSeconds(30));
        assertThat(bot.status().isReady()).isTrue();
        assertThat(bot.status().foreign().seen()).hasSize(1);
        assertThat(told)
                .last()
                .satisfies(last -> assertThat(last.foreign().seen()).hasSize(1));
        try (LogText log = new LogText()) {
            machine.strangers.clear();
            environment.advance(Duration.ofSeconds(11));

            assertThat(bot.status().foreign().seen()).isEmpty();
            assertThat(bot.status().toString()).doesNotContain("foreign");
            assertThat(told).last().satisfies(last -> {
                assertThat(last.state()).isEqualTo(LinkState.READY);
                assertThat(last.foreign().seen()).isEmpty();
            });
            assertThat(log.lines("INFO"))
                    .singleElement()
                    .asString()
                    .contains("process 4711 (python3 trace.py) is no longer connected to this node");
        }
        int looks = machine.lookedMillis.size();
        environment.advance(Duration.ofMinutes(10));
        assertThat(machine.lookedMillis).hasSize(looks);
        assertThat(refusal().foreign()).isEmpty();
    }

    private DuplicateLinkException refusal() {
        try {
            links.open(node.endpoint(), links.defaults()).close();
            throw new AssertionError("It was not refused");
        } catch (DuplicateLinkException refused) {
            return refused;
        }
    }

    @Test
    void a_rival_that_connects_anew_again_and_again_is_one_finding_and_one_warning_and_few_looks() {
        connect(plain());
        try (LogText log = new LogText()) {
            Injection duel = node.inject(Fault.duel(Duration.ofSeconds(1)));
            for (int port = 50_000; port < 50_120; port++) {
                machine.strangers.clear();
                machine.strangers.add(stranger(4711, "python3 trace.py", port));
                environment.advance(Duration.ofSeconds(1));
            }
            duel.close();
            assertThat(log.lines("WARN").stream().filter(line -> line.contains("4711")))
                    .hasSize(1);
        }
        assertThat(bot.status().contention()).isPresent();
        assertThat(bot.status().foreign().seen())
                .singleElement()
                .satisfies(found -> assertThat(found.local()).startsWith("10.0.0.5:501"));
        for (int i = 1; i < machine.lookedMillis.size(); i++) {
            assertThat(machine.lookedMillis.get(i) - machine.lookedMillis.get(i - 1))
                    .isGreaterThanOrEqualTo(2000);
        }
    }

    /** As a RAK4631 does to the second client. */
    @Test
    void whoever_is_served_while_the_link_gets_no_answer_is_looked_for() {
        try (SimulatedNode starving =
                SimulatedNode.builder().with(Switch.NEWCOMER, Newcomer.STARVES).start(environment)) {
            MemoryClient first =
                    MemoryClient.open(environment, starving.endpoint().address());
            assertThat(first.events).containsExactly("opened");
            links = plain().transport(machine).build();
            bot = links.acquire(starving.endpoint(), "bot");
            machine.strangers.add(TRACE);
            environment.advance(Duration.ofSeconds(20));
            assertThat(bot.status().foreign().seen()).hasSize(1);
        }
    }

    @Test
    void a_loss_that_nobody_else_can_have_caused_is_no_reason_to_look() {
        connect(plain());
        bot.close();
        environment.advance(Duration.ofMinutes(1));
        assertThat(machine.lookedMillis).isEmpty();
    }

    @Test
    void an_audit_finds_whoever_is_connected_although_nothing_was_lost() {
        connect(plain().audit(Duration.ofSeconds(10)));
        environment.advance(Duration.ofSeconds(61));
        assertThat(machine.lookedMillis).hasSize(6);
        assertThat(links.describe()).contains("\n  foreign   none seen on this machine, looked ");

        machine.strangers.add(TRACE);
        environment.advance(Duration.ofSeconds(10));
        assertThat(bot.status().foreign().seen()).hasSize(1);
        assertThat(bot.status().losses()).isEmpty();

        machine.strangers.clear();
        environment.advance(Duration.ofSeconds(10));
        assertThat(bot.status().foreign().seen()).isEmpty();

        bot.close();
        environment.advance(Duration.ofSeconds(10));
        int looks = machine.lookedMillis.size();
        environment.advance(Duration.ofMinutes(5));
        assertThat(machine.lookedMillis).as("while nobody uses the link").hasSize(looks);
    }

    @Test
    void an_audit_more_often_than_every_second_is_refused() {
        connect(plain().audit(Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinkRegistry.builder().audit(Duration.ofMillis(999)))
                .withMessageContaining("PT0.999S");
    }

    @Test
    void other_code_of_this_program_is_called_that() {
        connect(plain());
        machine.strangers.add(stranger(ProcessHandle.current().pid(), "java Bot", 50123));
        try (LogText log = new LogText()) {
            node.evictClient();
            environment.settle();
            assertThat(log.lines("WARN"))
                    .singleElement()
                    .asString()
                    .contains(
                            "this program itself (process "
                                    + ProcessHandle.current().pid() + ")",
                            "opens a socket of its own");
        }
    }

    @Test
    void who_is_another_users_is_told_by_that_users_number() {
        connect(plain());
        machine.strangers.add(
                new Stranger(OptionalLong.empty(), OptionalLong.of(33), "", "10.0.0.5:50123", "10.0.0.7:4403"));
        node.evictClient();
        environment.settle();
        assertThat(bot.status().toString()).contains("a process of user 33 from 10.0.0.5:50123");
    }

    @Test
    void where_it_cannot_be_told_the_displaced_are_told_so_and_the_log_once() {
        machine.instead = () -> new Sighting.Unknown("this system does not show it");
        requireUnknownOnce(plain(), "unknown: this system does not show it");
    }

    @Test
    void a_look_that_fails_is_one_that_cannot_tell() {
        machine.instead = () -> {
            throw new IllegalStateException("broken");
        };
        requireUnknownOnce(plain(), "unknown: looking failed: java.lang.IllegalStateException: broken");
    }

    @Test
    void a_look_that_gives_nothing_is_one_that_cannot_tell() {
        machine.instead = () -> null;
        requireUnknownOnce(plain(), "unknown: looking failed: java.lang.NullPointerException: the transport gave");
    }

    @Test
    void a_look_that_does_not_come_back_is_one_that_cannot_tell_and_there_is_no_second() {
        List<Runnable> hanging = new ArrayList<>();
        requireUnknownOnce(
                in(new Watched.Surroundings(environment, hanging::add, true)), "unknown: the look took more than 10 s");
        assertThat(hanging).hasSize(1);
    }

    @Test
    void where_no_thread_is_to_be_had_it_cannot_be_told() {
        requireUnknownOnce(
                in(new Watched.Surroundings(
                        environment,
                        task -> {
                            throw new RejectedExecutionException("none");
                        },
                        true)),
                "unknown: there is no thread to look");
    }

    @Test
    void a_transport_that_does_not_look_says_that_it_cannot_be_told() {
        machine.looks = false;
        requireUnknownOnce(
                in(new Watched.Surroundings(environment, environment.callbacks(), false)),
                "unknown: its transport does not look for them");
    }

    private void requireUnknownOnce(LinkRegistryBuilder builder, String words) {
        connect(builder);
        try (LogText log = new LogText()) {
            Injection duel = node.inject(Fault.duel(Duration.ofSeconds(1)));
            environment.advance(Duration.ofMinutes(10));
            duel.close();
            assertThat(log.lines("INFO").stream().filter(line -> line.contains(" is unknown: ")))
                    .singleElement()
                    .asString()
                    .contains("whether another program on this machine is connected", words.substring(9));
        }
        assertThat(bot.status().contention()).isPresent();
        assertThat(bot.status().toString()).contains("foreign connections from this machine: " + words);
        assertThat(links.describe()).contains("\n  foreign   " + words);
    }

    @Test
    void a_helper_that_throws_does_no_harm() {
        requireUnknownOnce(
                in(new Watched.Surroundings(
                        environment,
                        task -> {
                            throw new OutOfMemoryError("unable to create native thread");
                        },
                        true)),
                "unknown: there is no thread to look");
    }

    @Test
    void whoever_else_is_connected_to_a_share_may_be() {
        connect(plain().audit(Duration.ofSeconds(10))
                .defaults(LinkOptions.builder().viaShare(true).build()));
        machine.strangers.add(TRACE);
        try (LogText log = new LogText()) {
            node.evictClient();
            environment.advance(Duration.ofMinutes(1));
            assertThat(log.text()).doesNotContain("past the library");
        }
        assertThat(machine.lookedMillis).isEmpty();
        assertThat(bot.status().isReady()).isTrue();
        assertThat(bot.status().foreign()).isEqualTo(ForeignConnections.NONE);
    }

    @Test
    void a_world_of_its_own_has_nobody_else_in_it() {
        machine.looks = false;
        connect(plain());
        Injection duel = node.inject(Fault.duel(Duration.ofSeconds(1)));
        environment.advance(Duration.ofMinutes(2));
        duel.close();
        assertThat(bot.status().contention()).isPresent();
        assertThat(bot.status().foreign()).isEqualTo(ForeignConnections.NONE);
    }
}
