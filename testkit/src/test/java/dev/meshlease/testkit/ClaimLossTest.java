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
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A link whose right to its node stands in a store that others use too. */
class ClaimLossTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().start(environment);
    private final SharedClaims store = new SharedClaims();
    private final LinkRegistry links = LinkRegistry.builder()
            .environment(environment)
            .transport(environment.transport())
            .claims(store)
            .build();

    @AfterEach
    void close() {
        links.close();
        node.close();
        assertThat(store.granted).as("claims left behind").isEmpty();
    }

    private Lease ready() {
        Lease bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);
        return bot;
    }

    private boolean isConnected() {
        return node.hasClient();
    }

    @Test
    void a_claim_that_is_lost_ends_the_connection_at_once_and_is_told_as_the_cause() {
        Lease bot = ready();
        CompletionStage<Void> disconnected = store.lose("its session expired");
        environment.settle();

        assertThat(disconnected.toCompletableFuture()).isCompleted();
        assertThat(bot.status().state()).isEqualTo(LinkState.BACKING_OFF);
        assertThat(bot.status().lastLoss())
                .hasValueSatisfying(loss -> assertThat(loss.toString())
                        .startsWith("CLAIM_LOST (its claim in the store 'test' was lost: its session expired) at "));
        environment.advance(Duration.ofMillis(300)); // until the node has looked
        assertThat(isConnected()).isFalse();
    }

    @Test
    void while_somebody_else_has_it_the_link_asks_but_does_not_connect() {
        Lease bot = ready();
        int before = node.accepted();
        store.lose("taken over");
        environment.advance(Duration.ofMinutes(10));

        assertThat(node.accepted()).isEqualTo(before);
        assertThat(bot.status().losses()).extracting(loss -> loss.cause()).containsOnly(LossCause.CLAIM_LOST);
        assertThat(bot.status().lastLoss())
                .hasValueSatisfying(
                        loss -> assertThat(loss.evidence())
                                .isEqualTo(
                                        "its claim in the store 'test' is held by process 4711 (other-bot) on far away, for echo"));
        store.heldByOther = false;
        bot.ready().await(Duration.ofSeconds(73));
    }

    @Test
    void a_claim_that_is_suspended_ends_the_connection_until_it_is_restored() {
        Lease bot = ready();
        CompletionStage<Void> disconnected = store.listener().suspended("no contact");
        environment.advance(Duration.ofMinutes(10));
        assertThat(disconnected.toCompletableFuture()).isCompleted();
        assertThat(isConnected()).isFalse();
        assertThat(bot.status().lastLoss().orElseThrow().evidence()).contains("is suspended: no contact");

        store.listener().restored();
        bot.ready().await(Duration.ofSeconds(1));
    }

    @Test
    void who_finds_the_claim_taken_is_refused_with_its_holder_and_never_connects() {
        store.heldByOther = true;

        assertThatThrownBy(() -> links.acquire(node.endpoint(), "bot"))
                .isInstanceOfSatisfying(DuplicateLinkException.class, refused -> {
                    assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.STORE);
                    assertThat(refused.incumbent()).isEqualTo(SharedClaims.OTHER);
                })
                .hasMessageContaining("4711 (other-bot) on far away");
        assertThatThrownBy(
                        () -> links.open(node.endpoint(), LinkOptions.builder().build()))
                .isInstanceOf(DuplicateLinkException.class);
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.accepted()).isZero();
        assertThat(links.links()).isEmpty();

        store.heldByOther = false;
        ready();
    }

    @Test
    void a_store_that_does_not_answer_is_no_claim_but_no_end_either() {
        store.silent = true;
        Lease bot = links.acquire(node.endpoint(), "bot");
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.accepted()).isZero();
        assertThat(bot.status().lastLoss().orElseThrow().evidence()).contains("no answer within 10 s");

        store.speaksUp();
        bot.ready().await(Duration.ofSeconds(73));
        assertThat(store.holders).containsExactly("bot");
    }

    @Test
    void a_question_that_outlives_its_link_does_not_stand_in_the_way_of_the_next() {
        store.silent = true;
        links.acquire(node.endpoint(), "early").close();
        environment.advance(Duration.ofSeconds(12));
        Lease bot = links.acquire(node.endpoint(), "bot");
        store.speaksUp();
        bot.ready().await(Duration.ofMinutes(2));
    }

    @Test
    void a_claim_that_is_lost_before_it_was_seen_is_none() {
        store.losesAtOnce = true;
        Lease bot = links.acquire(node.endpoint(), "bot");
        environment.advance(Duration.ofMinutes(5));
        assertThat(node.accepted()).isZero();
        assertThat(bot.status().lastLoss().orElseThrow().evidence()).contains("gone again");

        store.losesAtOnce = false;
        bot.ready().await(Duration.ofSeconds(73));
    }

    @Test
    void one_that_comes_and_goes_costs_no_storm_of_connections() {
        ready();
        for (int i = 0; i < 300; i++) {
            store.listener().suspended("flapping");
            environment.advance(Duration.ofSeconds(1));
            store.listener().restored();
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
                store.listener().suspended("flapping");
                environment.advance(Duration.ofMillis(500));
                store.listener().restored();
            }
        }
        assertThat(seen).isBetween(3, 14);
        bot.ready().await(Duration.ofMinutes(2));
    }

    @Test
    void a_store_that_fails_is_none_either() {
        store.broken = true;
        Lease bot = links.acquire(node.endpoint(), "bot");
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.accepted()).isZero();
        assertThat(bot.status().lastLoss().orElseThrow().toString()).contains("CLAIM_LOST", "no quorum");

        store.broken = false;
        bot.ready().await(Duration.ofSeconds(73));
    }

    @Test
    void a_declared_link_has_its_claim_before_it_has_a_lease_and_until_it_is_closed() {
        OwnedLink link = links.open(node.endpoint(), LinkOptions.builder().build());
        assertThat(store.granted).hasSize(1);
        Lease bot = link.acquire("bot");
        bot.ready().await(PATIENCE);
        assertThat(store.holders).containsExactly("bot");
        assertThat(store.asked).isEqualTo(1);
        link.close();
        assertThat(store.granted).isEmpty();
    }
}
