package dev.meshlease.testkit.junit;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import dev.meshlease.testkit.VirtualEnvironment;
import dev.meshlease.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The whole of it, from a lease down to the node and back, on the test's own thread. */
class VirtualRegistryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Simulated(nodes = 2)
    SimulatedNode node;

    private final List<String> log = new ArrayList<>();

    private Lease ready(LinkRegistry links, String holder) {
        Lease lease = links.acquire(node.endpoint(), holder);
        assertThat(lease.ready().await(PATIENCE).id()).isEqualTo(node.id());
        return lease;
    }

    private SimulatedPeer peer() {
        return node.peers().get(0);
    }

    @Test
    void a_lease_becomes_ready_and_two_of_them_share_one_connection(LinkRegistry links) {
        ready(links, "one");
        ready(links, "two");
        assertThat(node.accepted()).isEqualTo(1);
        assertThat(links.links()).hasSize(1);
    }

    @Test
    void a_node_of_the_same_name_in_another_world_is_another_node(LinkRegistry links) {
        VirtualEnvironment elsewhere = VirtualEnvironment.create();
        try (SimulatedNode other = SimulatedNode.builder().start(elsewhere);
                LinkRegistry others = elsewhere.registry()) {
            assertThat(other.endpoint()).isEqualTo(node.endpoint());
            ready(links, "here");
            assertThat(others.acquire(other.endpoint(), "there")
                            .ready()
                            .await(PATIENCE)
                            .id())
                    .isEqualTo(other.id());
        }
    }

    @Test
    void what_peers_say_is_heard_once_the_world_has_settled(LinkRegistry links, VirtualTime time) {
        Lease lease = ready(links, "listener");
        lease.subscribe(texts(), packet -> log.add(packet.text()));
        peer().says("hello");
        time.advance(Duration.ofSeconds(10));
        assertThat(log).containsExactly("hello");
    }

    @Test
    void a_message_is_acknowledged_by_its_peer(LinkRegistry links) {
        Lease lease = ready(links, "sender");
        lease.send(OutboundMessage.text("hello").to(peer().id()).wantAck()).await(PATIENCE);
        assertThat(node.sent()).hasSize(1);
    }

    @Test
    void a_message_that_nobody_hears_fails_with_the_nodes_own_reason(LinkRegistry links) {
        Lease lease = ready(links, "sender");
        peer().answers(false);
        Delivery delivery =
                lease.send(OutboundMessage.text("anybody?").to(peer().id()).wantAck());
        assertThatThrownBy(() -> delivery.await(PATIENCE))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failed -> assertThat(failed.reason()).contains(DeliveryFailure.MAX_RETRANSMIT));
    }

    @Test
    void a_callback_may_wait_for_the_answer_to_what_it_sends(LinkRegistry links, VirtualTime time) {
        Lease lease = ready(links, "echo");
        lease.subscribe(texts(), packet -> {
            lease.send(packet.reply("echo " + packet.text()).wantAck()).await(PATIENCE);
            log.add("acknowledged");
        });
        peer().says("hello");
        time.advance(Duration.ofSeconds(10));
        assertThat(log).containsExactly("acknowledged");
        assertThat(node.sent())
                .singleElement()
                .satisfies(packet -> assertThat(packet.getDecoded().getPayload().toStringUtf8())
                        .isEqualTo("echo hello"));
    }

    @Test
    void a_link_comes_back_after_its_node_dropped_it(LinkRegistry links, VirtualTime time) {
        Lease lease = ready(links, "holder");
        time.advance(PATIENCE);
        node.disconnectClient();
        time.advance(Duration.ofMillis(10));
        assertThat(lease.status().state()).isNotEqualTo(LinkState.READY);
        lease.ready().await(PATIENCE);
        assertThat(node.accepted()).isEqualTo(2);
    }

    @Test
    void hours_pass_in_no_time_and_the_link_stays(LinkRegistry links, VirtualTime time) {
        Lease lease = ready(links, "holder");
        Instant before = time.now();
        time.advance(Duration.ofHours(2));
        assertThat(time.now()).isEqualTo(before.plus(Duration.ofHours(2)));
        assertThat(lease.status().isReady()).isTrue();
        assertThat(node.accepted()).isEqualTo(1);
    }

    @Test
    void a_wait_for_a_node_that_is_gone_ends_with_the_callers_patience(LinkRegistry links, VirtualTime time) {
        node.close();
        Lease lease = links.acquire(node.endpoint(), "holder");
        Instant before = time.now();
        assertThatThrownBy(() -> lease.ready().await(PATIENCE)).isInstanceOf(WaitTimeoutException.class);
        assertThat(Duration.between(before, time.now())).isEqualTo(PATIENCE);
    }

    @Test
    void cut_streams_and_slow_ways_change_nothing(LinkRegistry links, VirtualEnvironment environment) {
        environment.transport().splitting(true);
        environment.transport().latency(Duration.ofMillis(150));
        Lease lease = ready(links, "holder");
        lease.send(OutboundMessage.text("hello").to(peer().id()).wantAck()).await(PATIENCE);
        assertThat(node.sent()).hasSize(1);
    }

    @Test
    void another_name_for_the_node_leads_to_the_same_link(LinkRegistry links, VirtualEnvironment environment) {
        environment.transport().alias("base", node.endpoint());
        ready(links, "one");
        links.acquire("sim://base", "two").ready().await(PATIENCE);
        assertThat(node.accepted()).isEqualTo(1);
        try (LinkRegistry second = environment.registry()) {
            assertThatThrownBy(() -> second.acquire("sim://base", "three")).isInstanceOf(DuplicateLinkException.class);
        }
    }
}
