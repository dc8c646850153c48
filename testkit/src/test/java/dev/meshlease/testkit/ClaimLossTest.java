package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LossCause;
import dev.meshlease.OwnedLink;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A link whose right to its node stands in a store that others use too. */
class ClaimLossTest {
    private static final ClaimHolder OTHER =
            new ClaimHolder("far away", 4711, "other-bot", List.of("echo"), Instant.parse("2026-01-01T00:00:00Z"));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().start(environment);
    private final MemoryClaims store = MemoryClaims.create(environment);
    private final ClaimingProgram program = store.program();
    private final LinkRegistry links = LinkRegistry.builder()
            .environment(environment)
            .transport(environment.transport())
            .claims(program)
            .build();

    @AfterEach
    void close() {
        links.close();
        node.close();
        assertThat(store.held()).as("claims left behind").isEmpty();
    }

    private Lease ready() {
        Lease bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);
        return bot;
    }

    /** The one claim's. */
    private List<String> holders() {
        assertThat(store.held()).hasSize(1);
        return store.held().values().iterator().next().holders();
    }

    private CompletionStage<Void> takenOver(String why) {
        store.refuse(OTHER);
        return program.lose(why);
    }

    private boolean isConnected() {
        return node.hasClient();
    }

    @Test
    void a_claim_that_is_lost_ends_the_connection_at_once_and_is_told_as_the_cause() {
        Lease bot = ready();
        CompletionStage<Void> disconnected = takenOver("its session expired");
        environment.settle();

        assertThat(disconnected.toCompletableFuture()).isCompleted();
        assertThat(bot.status().state()).isEqualTo(LinkState.BACKING_OFF);
        assertThat(bot.status().lastLoss())
                .hasValueSatisfying(loss -> assertThat(loss.toString())
                        .startsWith("CLAIM_LOST (its claim in the store 'memory' was lost: its session expired) at "));
        environment.advance(Duration.ofMillis(300)); // until the node has looked
        assertThat(isConnected()).isFalse();
    }

    @Test
    void while_somebody_else_has_it_the_link_asks_but_does_not_connect() {
        Lease bot = ready();
        int before = node.accepted();
        takenOver("taken over");
        environment.advance(Duration.ofMinutes(10));

        assertThat(node.accepted()).isEqualTo(before);
        assertThat(bot.status().losses()).extracting(loss -> loss.cause()).containsOnly(LossCause.CLAIM_LOST);
        assertThat(bot.status().lastLoss())
                .hasValueSatisfying(
                        loss -> assertThat(loss.evidence())
                                .isEqualTo(
                                        "its claim in the store 'memory' is held by process 4711 (other-bot) on far away, for echo"));
        store.admit();
        bot.ready().await(Duration.ofSeconds(73));
    }

    @Test
    void a_claim_that_is_suspended_ends_the_connection_until_it_is_restored() {
        Lease bot = ready();
        program.suspend("no contact");
        environment.advance(Duration.ofMinutes(10));
        assertThat(isConnected()).isFalse();
        assertThat(bot.status().lastLoss().orElseThrow().evidence()).contains("is suspended: no contact");

        program.restore();
        bot.ready().await(Duration.ofSeconds(1));
    }

    @Test
    void who_finds_the_claim_taken_is_refused_with_its_holder_and_never_connects() {
        store.refuse(OTHER);

        assertThatThrownBy(() -> links.acquire(node.endpoint(), "bot"))
                .isInstanceOfSatisfying(DuplicateLinkException.class, refused -> {
                    assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.STORE);
                    assertThat(refused.incumbent()).isEqualTo(OTHER);
                })
                .hasMessageContaining("4711 (other-bot) on far away");
        assertThatThrownBy(
                        () -> links.open(node.endpoint(), LinkOptions.builder().build()))
                .isInstanceOf(DuplicateLinkException.class);
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.accepted()).isZero();
        assertThat(links.links()).isEmpty();

        store.admit();
        ready();
    }

    @Test
    void a_store_that_does_not_answer_is_no_claim_but_no_end_either() {
        program.withhold();
        Lease bot = links.acquire(node.endpoint(), "bot");
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.accepted()).isZero();
        assertThat(bot.status().lastLoss().orElseThrow().evidence()).contains("no answer within 10 s");

        program.answer();
        bot.ready().await(Duration.ofSeconds(73));
        assertThat(holders()).containsExactly("bot");
    }

    @Test
    void a_question_that_outlives_its_link_does_not_stand_in_the_way_of_the_next() {
        program.withhold();
        links.acquire(node.endpoint(), "early").close();
        environment.advance(Duration.ofSeconds(12));
        Lease bot = links.acquire(node.endpoint(), "bot");
        program.answer();
        bot.ready().await(Duration.ofMinutes(2));
    }

    @Test
    void a_claim_that_is_lost_before_it_was_seen_is_none() {
        var hasty = new LosingAtOnce(program);
        try (LinkRegistry others = LinkRegistry.builder()
                .environment(environment)
                .transport(environment.transport())
                .claims(hasty)
                .build()) {
            Lease bot = others.acquire(node.endpoint(), "bot");
            environment.advance(Duration.ofMinutes(5));
            assertThat(node.accepted()).isZero();
            assertThat(bot.status().lastLoss().orElseThrow().evidence()).contains("gone again");

            hasty.loses = false;
            bot.ready().await(Duration.ofSeconds(73));
        }
    }

    /** Word of a loss overtakes the answer that granted the claim. */
    private static final class LosingAtOnce implements LinkClaims {
        private final LinkClaims store;
        private boolean loses = true;

        LosingAtOnce(LinkClaims store) {
            this.store = store;
        }

        @Override
        public String name() {
            return store.name();
        }

        @Override
        public CompletionStage<ClaimAnswer> claim(LinkKey key, ClaimHolder self, ClaimListener listener) {
            if (loses) {
                var unused = listener.lost("gone again");
            }
            return store.claim(key, self, listener);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @Test
    void one_that_comes_and_goes_costs_no_storm_of_connections() {
        ready();
        for (int i = 0; i < 300; i++) {
            program.suspend("flapping");
            environment.advance(Duration.ofSeconds(1));
            program.restore();
            environment.advance(Duration.ofSeconds(1));
        }
        assertThat(node.accepted()).isLessThan(25);
    }

    @Test
    void nor_does_one_that_goes_each_time_before_the_handshake_is_complete() {
        Lease bot = links.acquire(node.endpoint(), "bot");
        Instant begin = environment.now();
        int seen = 0;
        while (environment.now().isBefore(begin.plus(Duration.ofMinutes(2)))) {
            environment.advance(Duration.ofMillis(10));
            if (node.accepted() > seen) {
                seen = node.accepted();
                program.suspend("flapping");
                environment.advance(Duration.ofMillis(500));
                program.restore();
            }
        }
        assertThat(seen).isBetween(3, 14);
        bot.ready().await(Duration.ofMinutes(2));
    }

    @Test
    void a_store_that_fails_is_none_either() {
        program.cut("no quorum");
        Lease bot = links.acquire(node.endpoint(), "bot");
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.accepted()).isZero();
        assertThat(bot.status().lastLoss().orElseThrow().toString()).contains("CLAIM_LOST", "no quorum");

        program.mend();
        bot.ready().await(Duration.ofSeconds(73));
    }

    @Test
    void a_declared_link_has_its_claim_before_it_has_a_lease_and_until_it_is_closed() {
        OwnedLink link = links.open(node.endpoint(), LinkOptions.builder().build());
        assertThat(store.held()).hasSize(1);
        Lease bot = link.acquire("bot");
        bot.ready().await(PATIENCE);
        assertThat(holders()).containsExactly("bot");
        assertThat(program.asked()).isEqualTo(1);
        link.close();
        assertThat(store.held()).isEmpty();
    }
}
