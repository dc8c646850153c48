package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LossCause;
import dev.meshlease.OwnedLink;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One node that can be reached in two ways, and links to both. */
class SameNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Endpoint FORWARD = Endpoint.of("sim://gateway");

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node =
            SimulatedNode.builder().variant(Variant.serialConsole()).nodes(3).start(environment);
    private final LinkRegistry links = environment.registry();
    private final LinkRegistry others = environment.registry();

    {
        environment.transport().forward(FORWARD.address(), node.endpoint());
    }

    @AfterEach
    void close() {
        links.close();
        others.close();
        node.close();
    }

    private Lease ready(LinkRegistry registry, Endpoint endpoint, String holder) {
        Lease lease = registry.acquire(endpoint, holder);
        lease.ready().await(PATIENCE);
        return lease;
    }

    private static DuplicateLinkException refused(Lease lease) {
        return catchThrowableOfType(
                DuplicateLinkException.class, () -> lease.ready().await(PATIENCE));
    }

    @Test
    void by_another_name_it_is_refused_and_says_who_has_it() {
        Lease bot = ready(links, node.endpoint(), "bot");
        environment.advance(Duration.ofMinutes(1));
        Lease second = links.acquire(FORWARD, "monitor");

        DuplicateLinkException duplicate = refused(second);

        assertThat(duplicate.scope()).isEqualTo(DuplicateLinkException.Scope.NODE);
        assertThat(duplicate.requested()).isEqualTo(FORWARD);
        assertThat(duplicate.existing()).contains(node.endpoint());
        assertThat(duplicate.incumbent().holders()).containsExactly("bot");
        assertThat(duplicate.key().scheme()).isEqualTo("identity");
        assertThat(duplicate)
                .hasMessageContaining("sim://gateway is already linked as sim://node-1")
                .hasMessageContaining("acquire(\"sim://node-1\", \"<holder>\")");
        assertThat(duplicate.openedFrom()).isPresent();
        environment.advance(Duration.ofSeconds(1));
        assertThat(links.links()).containsExactly(bot.link());
    }

    @Test
    void the_first_is_displaced_once_and_back_at_once() {
        Lease bot = ready(links, node.endpoint(), "bot");
        environment.advance(Duration.ofMinutes(1));
        Instant before = environment.now();
        refused(links.acquire(FORWARD, "monitor"));

        assertThat(node.await(each -> bot.status().isReady() && bot.status().generation() == 2, PATIENCE))
                .as("%s, %s", bot.status(), environment)
                .isTrue();
        assertThat(Duration.between(before, environment.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(bot.status().losses()).singleElement().satisfies(loss -> {
            assertThat(loss.cause()).isEqualTo(LossCause.DISPLACED_BY_DUPLICATE);
            assertThat(loss.evidence()).contains("sim://gateway");
        });
        environment.advance(Duration.ofHours(1));
        assertThat(node.accepted()).as("connections: first, newcomer, first").isEqualTo(3);
        assertThat(bot.status().contention()).isEmpty();
    }

    @Test
    void a_later_open_of_the_alias_is_refused_without_connecting() {
        ready(links, node.endpoint(), "bot");
        refused(links.acquire(FORWARD, "monitor"));
        environment.advance(Duration.ofMinutes(1));
        int before = node.accepted();

        for (LinkRegistry registry : List.of(links, others)) {
            assertThatThrownBy(() -> registry.acquire(FORWARD, "again"))
                    .isInstanceOfSatisfying(DuplicateLinkException.class, again -> {
                        assertThat(again.scope()).isEqualTo(DuplicateLinkException.Scope.NODE);
                        assertThat(again.existing()).contains(node.endpoint());
                    });
            assertThatThrownBy(() -> registry.open(FORWARD, links.defaults()))
                    .isInstanceOf(DuplicateLinkException.class);
        }
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.accepted()).isEqualTo(before);
    }

    @Test
    void who_asks_again_as_soon_as_it_was_refused_does_not_connect_either() {
        ready(links, node.endpoint(), "bot");
        for (int i = 0; i < 20; i++) {
            try {
                refused(links.acquire(FORWARD, "stubborn"));
            } catch (DuplicateLinkException known) {
                assertThat(known.scope()).isEqualTo(DuplicateLinkException.Scope.NODE);
            }
        }
        environment.advance(Duration.ofMinutes(1));
        assertThat(node.accepted()).isEqualTo(3);
    }

    @Test
    void the_alias_is_free_once_the_first_link_is_closed() {
        Lease bot = ready(links, node.endpoint(), "bot");
        refused(links.acquire(FORWARD, "monitor"));
        bot.close();
        environment.advance(Duration.ofMinutes(1));

        Lease later = ready(links, FORWARD, "later");

        assertThat(later.status().isReady()).isTrue();
        assertThat(refused(links.acquire(node.endpoint(), "first again")).existing())
                .contains(FORWARD);
    }

    @Test
    void another_registry_of_the_same_program_is_told_as_well() {
        Lease bot = ready(links, node.endpoint(), "bot");

        DuplicateLinkException duplicate = refused(others.acquire(FORWARD, "monitor"));

        assertThat(duplicate.scope()).isEqualTo(DuplicateLinkException.Scope.NODE);
        assertThat(duplicate.incumbent().holders()).containsExactly("bot");
        environment.advance(Duration.ofMinutes(1));
        assertThat(bot.status().isReady()).isTrue();
        assertThat(node.accepted()).isEqualTo(3);
    }

    @Test
    void by_its_serial_console_the_newcomer_goes_and_the_first_link_stays() {
        Lease bot = ready(links, node.endpoint(), "bot");

        DuplicateLinkException duplicate = refused(links.acquire(node.consoleEndpoint(), "monitor"));

        assertThat(duplicate.existing()).contains(node.endpoint());
        environment.advance(Duration.ofMinutes(1));
        assertThat(bot.status().losses()).isEmpty();
        assertThat(bot.status().generation()).isOne();
    }

    @Test
    void on_the_network_the_newcomer_goes_and_the_link_by_the_console_stays() {
        Lease bot = ready(links, node.consoleEndpoint(), "bot");

        DuplicateLinkException duplicate = refused(links.acquire(node.endpoint(), "monitor"));

        assertThat(duplicate.existing()).contains(node.consoleEndpoint());
        environment.advance(Duration.ofMinutes(1));
        assertThat(bot.status().losses()).isEmpty();
        assertThat(bot.status().generation()).isOne();
    }

    @Test
    void nothing_the_newcomer_was_asked_to_send_reaches_the_node() {
        ready(links, node.endpoint(), "bot");
        Lease second = links.acquire(FORWARD, "monitor");
        second.send(OutboundMessage.text("twice"));
        refused(second);
        environment.advance(Duration.ofMinutes(1));

        assertThat(node.received()).isEmpty();
        assertThatThrownBy(() -> second.closed().await(PATIENCE)).isInstanceOf(DuplicateLinkException.class);
    }

    @Test
    void two_that_come_at_the_same_moment_do_not_duel() {
        for (int round = 0; round < 30; round++) {
            int before = node.accepted();
            Lease one = links.acquire(node.endpoint(), "one");
            environment.advance(Duration.ofMillis(7L * round));
            Lease other = others.acquire(FORWARD, "other");
            environment.advance(Duration.ofMinutes(2));

            List<LinkState> states =
                    new ArrayList<>(List.of(one.status().state(), other.status().state()));
            assertThat(states)
                    .as("round %d, %s", round, environment)
                    .containsExactlyInAnyOrder(LinkState.READY, LinkState.CLOSED);
            assertThat(node.accepted() - before)
                    .as("round %d, %s", round, environment)
                    .isLessThanOrEqualTo(4);
            one.close();
            other.close();
            environment.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void a_link_that_lost_its_node_waits_for_a_newcomer_that_says_nothing_but_not_for_long() {
        SimulatedNode mute = SimulatedNode.builder().start(environment);
        mute.inject(Fault.silence());
        Lease bot = ready(links, node.endpoint(), "bot");
        links.acquire(mute.endpoint(), "hopeful");
        environment.advance(Duration.ofSeconds(1));
        node.disconnectClient();

        environment.advance(Duration.ofSeconds(5));
        assertThat(bot.status().isReady()).as("%s", bot.status()).isFalse();
        environment.advance(Duration.ofSeconds(7));
        assertThat(bot.status().isReady()).as("%s", bot.status()).isTrue();
        mute.close();
    }

    @Test
    void a_share_of_the_node_is_no_duplicate_if_the_link_says_so() {
        ready(links, node.endpoint(), "bot");
        LinkOptions share = links.defaults().toBuilder().viaShare(true).build();
        OwnedLink second = links.open(node.consoleEndpoint(), share);
        Lease lease = second.acquire("monitor");

        lease.ready().await(PATIENCE);

        assertThat(lease.node().id()).isEqualTo(node.id());
    }

    @Test
    void without_a_device_id_the_number_tells() {
        SimulatedNode plain =
                SimulatedNode.builder().deviceId(new byte[16]).nodes(1).start(environment);
        environment.transport().forward("elsewhere", plain.endpoint());
        ready(links, plain.endpoint(), "bot");

        DuplicateLinkException duplicate = refused(links.acquire("sim://elsewhere", "monitor"));

        assertThat(duplicate.key().address()).startsWith(plain.id().toString());
        plain.close();
    }

    @Test
    void what_displaced_the_first_is_not_held_against_the_node() {
        Lease bot = ready(links, node.endpoint(), "bot");
        for (int i = 0; i < 5; i++) {
            Endpoint another = Endpoint.of("sim://way-" + i);
            environment.transport().forward(another.address(), node.endpoint());
            refused(links.acquire(another, "monitor " + i));
            environment.advance(Duration.ofSeconds(5));
        }

        assertThat(bot.status().losses())
                .extracting(LinkLoss::cause)
                .hasSize(5)
                .containsOnly(LossCause.DISPLACED_BY_DUPLICATE);
        assertThat(bot.status().contention()).isEmpty();
        assertThat(bot.status().isReady()).isTrue();
    }
}
