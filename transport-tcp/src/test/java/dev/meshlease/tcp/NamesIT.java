package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.EndpointException;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.LinkState;
import dev.meshlease.LossCause;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.testkit.SimulatedNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names, the addresses behind them, and whose link they lead to. The names are the test's own; all else is real. */
class NamesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Environment system = Environment.system();
    private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
    private final SimulatedNode node = SimulatedNode.builder().nodes(2).start();
    private final int port = Integer.parseInt(node.endpoint().address().split(":")[1]);
    private final LinkRegistry links = LinkRegistry.builder()
            .environment(new OwnNames(system, this::resolve))
            .defaults(LinkOptions.builder()
                    .settleTimeout(Duration.ofMillis(300))
                    .reconnect(new ReconnectPolicy(
                            Duration.ofMillis(50), Duration.ofMillis(100), 0, Duration.ofSeconds(30)))
                    .build())
            .build();
    private final TcpWorld world = new TcpWorld();

    @AfterEach
    void end() {
        links.close();
        node.close();
    }

    @Test
    void a_spelling_of_an_address_that_a_link_has_left_leads_there_no_longer() {
        names.put("moves.test", List.of(loopback(8))); // Nobody listens there.
        Lease moving = links.acquire("tcp://moves.test:" + port, "moving");
        assertThat(links.acquire("tcp://127.0.0.8:" + port, "second").link()).isSameAs(moving.link());

        names.put("moves.test", List.of(loopback(1)));
        moving.ready().await(PATIENCE);

        assertThat(links.acquire("tcp://moves.test:" + port, "third").link()).isSameAs(moving.link());
        assertThat(links.acquire("tcp://127.0.0.8:" + port, "fourth").link()).isNotSameAs(moving.link());
    }

    @Test
    void several_names_of_one_address_are_one_link() {
        names.put("node-a.test", List.of(loopback(1)));
        names.put("node-b.test", List.of(loopback(1)));

        Lease one = links.acquire("tcp://node-a.test:" + port, "one");
        Lease other = links.acquire("tcp://Node-B.test.:" + port, "other");
        one.ready().await(PATIENCE);

        assertThat(other.link()).isSameAs(one.link());
        assertThatThrownBy(() -> links.open("tcp://node-b.test:" + port, links.defaults()))
                .isInstanceOfSatisfying(DuplicateLinkException.class, refused -> {
                    assertThat(refused.existing()).contains(one.link().endpoint());
                    assertThat(refused.key()).isEqualTo(new LinkKey("tcp", "localhost:" + port));
                });
        assertThat(node.accepted()).isEqualTo(1);
    }

    @Test
    void every_spelling_of_the_loopback_address_is_one_link() throws UnknownHostException {
        names.put("mapped.test", List.of(InetAddress.getByName("::ffff:127.0.0.1")));
        links.acquire(node.endpoint(), "bot").ready().await(PATIENCE);

        for (String spelling : List.of(
                "tcp://localhost:" + port,
                "tcp://LOCALHOST.:" + port,
                "tcp://[::1]:" + port,
                "tcp://[::ffff:127.0.0.1]:" + port,
                "tcp://mapped.test:" + port,
                "TCP:127.0.0.1:" + port)) {
            assertThatThrownBy(() -> links.open(spelling, links.defaults()))
                    .as(spelling)
                    .isInstanceOf(DuplicateLinkException.class);
        }
        assertThat(node.accepted()).isEqualTo(1);
    }

    @Test
    void overlapping_addresses_are_a_duplicate_and_others_are_not() {
        names.put("two-homes.test", List.of(loopback(1), loopback(9)));
        links.open("tcp://two-homes.test:" + port, links.defaults());

        assertThatThrownBy(() -> links.open("tcp://127.0.0.9:" + port, links.defaults()))
                .isInstanceOf(DuplicateLinkException.class);
        assertThat(links.open("tcp://127.0.0.8:" + port, links.defaults())
                        .status()
                        .state())
                .isEqualTo(LinkState.IDLE);
    }

    @Test
    void a_name_that_does_not_resolve_is_a_status_and_connects_when_it_does() {
        Lease lease = links.acquire("tcp://late.test:" + port, "patient");
        world.eventually("tried", () -> lease.status().lastLoss().isPresent());
        assertThat(lease.status().lastLoss().orElseThrow().cause()).isEqualTo(LossCause.UNRESOLVED);
        assertThat(lease.status().lastLoss().orElseThrow().evidence()).contains("late.test");
        assertThatThrownBy(() -> links.open("tcp://late.test:" + port, links.defaults()))
                .isInstanceOf(DuplicateLinkException.class);

        names.put("late.test", List.of(loopback(1)));

        lease.ready().await(PATIENCE);
        assertThat(lease.link().keys()).containsExactly(new LinkKey("tcp", "localhost:" + port));
        assertThatThrownBy(() -> links.open(node.endpoint(), links.defaults()))
                .isInstanceOf(DuplicateLinkException.class);
    }

    @Test
    void a_name_that_turns_out_to_lead_to_anothers_link_closes_the_newcomer_with_the_reason() {
        Lease late = links.acquire("tcp://late.test:" + port, "late");
        Lease bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(PATIENCE);

        names.put("late.test", List.of(loopback(1)));

        assertThatThrownBy(() -> late.ready().await(PATIENCE))
                .isInstanceOfSatisfying(
                        DuplicateLinkException.class,
                        refused -> assertThat(refused.incumbent().holders()).containsExactly("bot"));
        world.eventually("closed", () -> late.status().state() == LinkState.CLOSED);
        assertThat(late.status().closedWith()).containsInstanceOf(DuplicateLinkException.class);
        assertThatThrownBy(() -> late.closed().await(PATIENCE)).isInstanceOf(DuplicateLinkException.class);
        assertThat(bot.status().isReady()).isTrue();
        assertThat(node.accepted()).isEqualTo(1);
        world.eventually(
                "gone, once its claims are given back", () -> links.links().size() == 1);
    }

    @Test
    void a_resolver_that_never_answers_holds_nobody_up_for_longer_than_the_settle_timeout() {
        names.put("hangs.test", List.of());

        Lease lease = links.acquire("tcp://hangs.test:" + port, "patient");

        assertThat(lease.status().generation()).isZero();
        links.acquire(node.endpoint(), "bot").ready().await(PATIENCE);
    }

    @Test
    void addresses_that_make_no_sense_are_refused_at_once() {
        for (String bad :
                List.of("tcp://node:0", "tcp://node:70000", "tcp://a b", "tcp://user@node", "tcp://node/path")) {
            assertThatThrownBy(() -> links.acquire(bad, "bot")).as(bad).isInstanceOf(EndpointException.class);
        }
    }

    @Test
    void options_for_one_endpoint_in_two_spellings_are_refused() {
        LinkRegistryBuilder builder = LinkRegistry.builder()
                .link(Endpoint.of("tcp://node.test"), links.defaults())
                .link(Endpoint.of("tcp://NODE.test.:4403"), links.defaults());

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tcp://node.test:4403");
    }

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** As the test says for names it has given; those without an address are never answered. */
    private CompletionStage<List<InetAddress>> resolve(String host) {
        List<InetAddress> known = names.get(host);
        if (known != null) {
            return known.isEmpty() ? new CompletableFuture<>() : CompletableFuture.completedFuture(known);
        }
        return host.endsWith(".test")
                ? CompletableFuture.failedFuture(new UnknownHostException(host))
                : system.names().resolve(host);
    }
}
