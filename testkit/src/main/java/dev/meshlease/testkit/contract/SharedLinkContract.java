package dev.meshlease.testkit.contract;

import static dev.meshlease.message.PacketFilter.all;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.NotReadyException;
import dev.meshlease.OwnedLink;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One physical link, many leases: joining, staying, coming back, leaving, and being refused. */
public abstract class SharedLinkContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final NodeId PEER = NodeId.of("!0000aa01");

    private ContractWorld world;
    private SimulatedNode node;
    private SimulatedPeer peer;
    private LinkRegistry links;

    protected SharedLinkContract() {}

    /** A new world for one test. */
    protected abstract ContractWorld newWorld();

    @BeforeEach
    void start() {
        world = newWorld();
        node = world.start(SimulatedNode.builder().nodes(5));
        peer = node.peer(PEER);
        links = world.registry().build();
    }

    @AfterEach
    void end() {
        links.close();
        node.close();
        world.close();
    }

    private Endpoint endpoint() {
        return world.endpoint(node);
    }

    @Test
    void many_leases_share_one_connection() {
        List<Lease> leases = new ArrayList<>();
        for (String holder : List.of("echo", "query", "sender", "monitor")) {
            leases.add(links.acquire(endpoint(), holder));
        }
        leases.forEach(lease -> lease.ready().await(PATIENCE));

        assertThat(node.accepted()).isEqualTo(1);
        assertThat(links.links()).hasSize(1);
        assertThat(leases.get(0).link().leases())
                .extracting(lease -> lease.holder())
                .containsExactly("echo", "query", "sender", "monitor");
    }

    @Test
    void every_lease_gets_every_packet_once_in_order() {
        List<Inbox> inboxes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Lease lease = links.acquire(endpoint(), "holder " + i);
            lease.ready().await(PATIENCE);
            inboxes.add(lease.inbox(texts()));
        }
        List<String> said = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            int sofar = i;
            said.add("packet " + i);
            peer.says("packet " + i);
            world.eventually(
                    "heard by all",
                    () -> links.links().get(0).leases().stream().allMatch(lease -> lease.queued() == sofar));
        }

        for (Inbox inbox : inboxes) {
            List<String> heard = new ArrayList<>();
            for (int i = 0; i < said.size(); i++) {
                heard.add(text(inbox.take(PATIENCE)));
            }
            assertThat(heard).isEqualTo(said);
            assertThat(inbox.poll()).isNull();
        }
    }

    @Test
    void a_late_lease_gets_the_snapshot_at_once_without_another_handshake() {
        NodeSnapshot first = links.acquire(endpoint(), "early").ready().await(PATIENCE);

        Lease late = links.acquire(endpoint(), "late");

        assertThat(late.node()).isSameAs(first);
        assertThat(first.id()).isEqualTo(node.id());
        assertThat(first.nodes()).hasSizeGreaterThanOrEqualTo(6).containsKey(node.id());
        assertThat(first.channels()).hasSize(8);
        assertThat(node.accepted()).isEqualTo(1);
    }

    @Test
    void before_the_first_handshake_the_snapshot_is_refused_with_what_to_await() {
        Lease lease = links.acquire(world.nobody(), "eager");

        assertThatThrownBy(lease::node).isInstanceOf(NotReadyException.class).hasMessageContaining("ready()");
    }

    @Test
    void opening_an_open_link_in_any_spelling_is_refused_with_all_that_helps() {
        Lease bot = links.acquire(endpoint(), "bot");
        bot.ready().await(PATIENCE);

        for (Endpoint spelling : List.of(endpoint(), world.respelled(node))) {
            assertThatThrownBy(() -> links.open(spelling, links.defaults()))
                    .isInstanceOfSatisfying(DuplicateLinkException.class, refused -> {
                        assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.REGISTRY);
                        assertThat(refused.requested()).isEqualTo(spelling);
                        assertThat(refused.existing()).contains(endpoint());
                        assertThat(refused.incumbent().holders()).containsExactly("bot");
                        assertThat(refused.incumbent().pid())
                                .isEqualTo(ProcessHandle.current().pid());
                        assertThat(refused.openedFrom()).isPresent();
                        assertThat(refused.getMessage())
                                .contains("bot", "acquire(", endpoint().toString());
                    });
        }
        assertThat(bot.status().isReady()).isTrue(); // Until here it is in use.
        assertThat(node.accepted()).isEqualTo(1);
        assertThat(node.evictions()).isZero();
    }

    @Test
    void another_spelling_joins_the_same_link() {
        Lease one = links.acquire(endpoint(), "one");
        Lease other = links.acquire(world.respelled(node), "other");
        other.ready().await(PATIENCE);

        assertThat(other.link()).isSameAs(one.link());
        assertThat(links.find(world.respelled(node))).containsSame(one.link());
        assertThat(node.accepted()).isEqualTo(1);
    }

    @Test
    void another_registry_of_the_jvm_is_refused_until_the_first_lets_go() {
        Lease bot = links.acquire(endpoint(), "bot");
        bot.ready().await(PATIENCE);
        try (LinkRegistry second = world.registry().build()) {
            assertThatThrownBy(() -> second.acquire(world.respelled(node), "rival"))
                    .isInstanceOfSatisfying(DuplicateLinkException.class, refused -> {
                        assertThat(refused.scope()).isEqualTo(DuplicateLinkException.Scope.JVM);
                        assertThat(refused.incumbent().holders()).containsExactly("bot");
                    });
            assertThat(node.accepted()).isEqualTo(1);

            links.close();

            second.acquire(endpoint(), "heir").ready().await(PATIENCE);
            assertThat(node.evictions()).isZero();
        }
    }

    @Test
    void a_declared_link_connects_with_its_first_lease_and_is_closed_by_its_owner_alone() {
        OwnedLink link = links.open(endpoint(), links.defaults());
        assertThat(link.status().state()).isEqualTo(LinkState.IDLE);
        assertThat(node.accepted()).isZero();

        Lease lease = links.acquire(endpoint(), "bot");
        lease.ready().await(PATIENCE);
        link.close();

        assertThat(link.status().state()).isEqualTo(LinkState.CLOSED);
        assertThatThrownBy(() -> lease.closed().await(PATIENCE))
                .isInstanceOf(LeaseClosedException.class)
                .hasMessageContaining("owner");
        assertThatThrownBy(() -> lease.inbox(all())).isInstanceOf(LeaseClosedException.class);
        assertThat(links.links()).isEmpty();
    }

    @Test
    void a_declared_link_rests_when_its_leases_are_gone_and_wakes_for_the_next() {
        LinkOptions options =
                links.defaults().toBuilder().linger(Duration.ofMillis(50)).build();
        OwnedLink link = links.open(endpoint(), options);
        Lease first = link.acquire("first");
        first.ready().await(PATIENCE);
        first.close();
        world.eventually("at rest", () -> link.status().state() == LinkState.IDLE);

        link.acquire("second").ready().await(PATIENCE);

        assertThat(node.accepted()).isEqualTo(2);
        assertThat(node.evictions()).isZero();
        assertThat(link.status().generation()).isEqualTo(2);
    }

    @Test
    void a_lease_that_comes_back_during_the_linger_finds_the_connection() {
        Lease first = links.acquire(endpoint(), "first");
        first.ready().await(PATIENCE);
        first.close();

        Lease second = links.acquire(endpoint(), "second");

        assertThat(second.ready().await(PATIENCE).generation()).isEqualTo(1);
        assertThat(node.accepted()).isEqualTo(1);
    }

    @Test
    void after_the_linger_the_link_is_gone_and_the_next_lease_opens_it_anew() {
        try (LinkRegistry hasty = world.registry()
                .defaults(LinkOptions.builder().linger(Duration.ZERO).build())
                .build()) {
            Lease first = hasty.acquire(endpoint(), "first");
            first.ready().await(PATIENCE);
            first.close();
            world.eventually("gone", () -> hasty.links().isEmpty());
            assertThatThrownBy(() -> first.link().acquire("too late")).isInstanceOf(LeaseClosedException.class);

            hasty.acquire(endpoint(), "second").ready().await(PATIENCE);

            assertThat(node.accepted()).isEqualTo(2);
            assertThat(node.evictions()).isZero();
        }
    }

    @Test
    void leases_survive_a_lost_connection() {
        Lease lease = links.acquire(endpoint(), "bot");
        lease.ready().await(PATIENCE);
        Inbox inbox = lease.inbox(texts());
        peer.says("before");
        assertThat(text(inbox.take(PATIENCE))).isEqualTo("before");

        node.disconnectClient();
        world.eventually("lost", () -> lease.status().lastLoss().isPresent());
        peer.says("while it was down");
        assertThat(lease.ready().await(PATIENCE).generation()).isEqualTo(2);

        assertThat(lease.status().lastLoss().orElseThrow().cause()).isEqualTo(world.hungUp());
        assertThat(inbox.take(PATIENCE))
                .isInstanceOfSatisfying(
                        Gap.class, gap -> assertThat(gap.reason()).isEqualTo(Gap.Reason.LINK_DOWN));
        assertThat(text(inbox.take(PATIENCE))).isEqualTo("while it was down");
    }

    @Test
    void an_eviction_is_survived_too() {
        Lease lease = links.acquire(endpoint(), "bot");
        lease.ready().await(PATIENCE);

        node.evictClient();
        world.eventually(
                "back", () -> lease.status().isReady() && lease.status().generation() == 2);

        assertThat(node.evictions()).isEqualTo(1);
    }

    @Test
    void a_node_that_is_away_is_a_status_and_costs_no_other_link() {
        Lease away = links.acquire(world.nobody(), "patient");
        assertThatThrownBy(() -> away.ready().await(Duration.ofMillis(500)))
                .isInstanceOf(WaitTimeoutException.class)
                .hasMessageContaining(world.nobodyThere().name());

        links.acquire(endpoint(), "bot").ready().await(PATIENCE);

        assertThat(away.status().state()).isIn(LinkState.BACKING_OFF, LinkState.CONNECTING);
        assertThat(away.status().lastLoss().orElseThrow().cause()).isEqualTo(world.nobodyThere());
    }

    @Test
    void closing_the_registry_says_goodbye_and_ends_everything() {
        Lease lease = links.acquire(endpoint(), "bot");
        lease.ready().await(PATIENCE);

        links.close();
        links.close();

        assertThat(lease.status().state()).isEqualTo(LinkState.CLOSED);
        assertThatThrownBy(() -> links.acquire(endpoint(), "late")).isInstanceOf(LeaseClosedException.class);
        assertThatThrownBy(() -> lease.ready()).isInstanceOf(LeaseClosedException.class);
        lease.close();
    }

    static String text(Arrival arrival) {
        return ((InboundPacket) arrival).text();
    }
}
