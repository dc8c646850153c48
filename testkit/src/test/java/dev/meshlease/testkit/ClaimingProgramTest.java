package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import dev.meshlease.testkit.internal.transport.Interposed;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Registries that share a store as if they were on two machines, and one node between them. */
class ClaimingProgramTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().start(environment);
    private final MemoryClaims store = MemoryClaims.create(environment);
    private final ClaimingProgram attic = store.program("attic");
    private final ClaimingProgram cellar = store.program("cellar");
    private final LinkRegistry upstairs = registry(attic);
    private final LinkRegistry downstairs = registry(cellar);

    private LinkRegistry registry(ClaimingProgram program) {
        return LinkRegistry.builder()
                .environment(program.environment(environment))
                .transport(program.transport(environment.transport()))
                .claims(program)
                .build();
    }

    @AfterEach
    void close() {
        upstairs.close();
        downstairs.close();
        node.close();
        attic.close();
        cellar.close();
        assertThat(store.held()).as("claims left behind").isEmpty();
    }

    private Lease ready(LinkRegistry links, String holder) {
        Lease lease = links.acquire(node.endpoint(), holder);
        lease.ready().await(PATIENCE);
        return lease;
    }

    @Test
    void the_second_machine_is_refused_with_the_first_ones_name_and_never_connects() {
        ready(upstairs, "bot");

        assertThatThrownBy(() -> downstairs.acquire(node.endpoint(), "rival"))
                .isInstanceOfSatisfying(DuplicateLinkException.class, refused -> {
                    assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.STORE);
                    assertThat(refused.incumbent().host()).isEqualTo("attic");
                    assertThat(refused.incumbent().holders()).containsExactly("bot");
                });
        environment.advance(Duration.ofMinutes(5));
        assertThat(node.accepted()).isEqualTo(1);
    }

    /** Until it knows where its name leads, it has claimed the name as it is written, which is nobody's. */
    @Test
    void who_learns_late_where_its_name_leads_is_refused_then() {
        ready(upstairs, "bot");
        try (LinkRegistry slow = LinkRegistry.builder()
                .environment(cellar.environment(environment))
                .transport(new Slow(cellar.transport(environment.transport()), environment.newLoop("slow")))
                .claims(cellar)
                .build()) {
            Lease rival = slow.acquire(node.endpoint(), "rival");

            assertThatThrownBy(() -> rival.ready().await(PATIENCE))
                    .isInstanceOfSatisfying(
                            DuplicateLinkException.class,
                            refused -> assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.STORE));
        }
        assertThat(node.accepted()).isEqualTo(1);
    }

    /** Takes longer to find a name than anybody waits for it. */
    private static final class Slow extends Interposed {
        private final Loop loop;

        Slow(Transport real, Loop loop) {
            super(real);
            this.loop = loop;
        }

        @Override
        public CompletionStage<Target> locate(String address, Environment asking) {
            CompletableFuture<Target> found = new CompletableFuture<>();
            Runnable find =
                    () -> real.locate(address, asking).whenComplete((target, failure) -> found.complete(target));
            loop.execute(() -> loop.schedule(Duration.ofSeconds(8).toNanos(), find));
            return found;
        }
    }

    @Test
    void the_store_keeps_one_key_for_both() {
        ready(upstairs, "bot");
        assertThat(store.held().keySet())
                .singleElement()
                .satisfies(key -> assertThat(key.toString()).doesNotContain("attic"));
        assertThat(store.held().values()).singleElement().satisfies(by -> {
            assertThat(by.host()).isEqualTo("attic");
            assertThat(by.since()).isBetween(Instant.parse("2026-01-01T00:00:00Z"), environment.now());
        });
    }

    @Test
    void what_the_first_machine_loses_the_second_may_have_and_the_node_never_sees_both() {
        Lease bot = ready(upstairs, "bot");

        attic.lose("its session expired");
        environment.settle();
        Lease rival = ready(downstairs, "rival");
        environment.advance(Duration.ofMinutes(10));

        assertThat(rival.status().state()).isEqualTo(LinkState.READY);
        assertThat(rival.status().losses()).isEmpty();
        assertThat(bot.status().lastLoss().orElseThrow().evidence()).contains("on cellar, for rival");
        assertThat(node.accepted()).isEqualTo(2);

        downstairs.close();
        bot.ready().await(PATIENCE);
    }

    @Test
    void a_machine_that_is_cut_off_has_no_connection_and_gets_it_back_afterwards() {
        Lease bot = ready(upstairs, "bot");

        attic.cut("no route to the store");
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.hasClient()).isFalse();
        assertThatThrownBy(() -> downstairs.acquire(node.endpoint(), "rival"))
                .isInstanceOf(DuplicateLinkException.class);

        attic.mend();
        bot.ready().await(PATIENCE);
        assertThat(store.held()).hasSize(1);
    }

    @Test
    void what_is_given_back_while_cut_off_is_free_when_the_store_hears_of_it() {
        ready(upstairs, "bot");
        attic.cut("no route to the store");
        upstairs.close();
        assertThat(store.held()).hasSize(1);

        attic.mend();
        assertThat(store.held()).isEmpty();
        ready(downstairs, "rival");
    }

    @Test
    void a_slow_store_delays_the_connection_by_as_much() {
        attic.delay(Duration.ofSeconds(9));
        Instant granted = environment.now().plusSeconds(9);
        Lease bot = upstairs.acquire(node.endpoint(), "bot");
        environment.advance(Duration.between(environment.now(), granted).minusMillis(1));
        assertThat(node.accepted()).isZero();

        bot.ready().await(Duration.ofSeconds(2));
        assertThat(attic.asked()).isEqualTo(1);
    }

    @Test
    void one_claim_alone_can_be_lost() {
        try (SimulatedNode second = SimulatedNode.builder().start(environment)) {
            Lease bot = ready(upstairs, "bot");
            Lease other = upstairs.acquire(second.endpoint(), "bot");
            other.ready().await(PATIENCE);
            var key = store.held().keySet().stream()
                    .filter(each -> each.address().startsWith(node.endpoint().address() + " "))
                    .findFirst()
                    .orElseThrow();

            store.lose(key, "somebody deleted it");
            environment.settle();

            assertThat(bot.status().state()).isEqualTo(LinkState.BACKING_OFF);
            assertThat(other.status().state()).isEqualTo(LinkState.READY);
            bot.ready().await(PATIENCE);
        }
    }
}
