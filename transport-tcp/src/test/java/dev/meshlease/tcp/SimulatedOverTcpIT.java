package dev.meshlease.tcp;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import dev.meshlease.testkit.junit.Simulated;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The testkit's JUnit extension where its nodes are on TCP: real sockets, and a registry that finds the transport by itself. */
class SimulatedOverTcpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Simulated(face = Simulated.Face.TCP, nodes = 2)
    static SimulatedNode shared;

    @Simulated(face = Simulated.Face.TCP)
    SimulatedNode own;

    @Test
    void the_registry_reaches_both_nodes(LinkRegistry links) {
        assertThat(shared.endpoint().scheme()).isEqualTo("tcp");
        Lease one = links.acquire(shared.endpoint(), "one");
        Lease other = links.acquire(own.endpoint(), "other");

        assertThat(one.ready().await(PATIENCE).id()).isEqualTo(shared.id());
        assertThat(other.ready().await(PATIENCE).id()).isEqualTo(own.id());
        assertThat(links.links()).hasSize(2);
        assertThat(own.accepted()).isEqualTo(1);
    }

    @Test
    void texts_go_both_ways(LinkRegistry links) {
        Lease lease = links.acquire(shared.endpoint(), "bot");
        Inbox inbox = lease.inbox(texts());
        lease.ready().await(PATIENCE);
        SimulatedPeer peer = shared.peers().get(0);

        peer.says("hello");

        assertThat(((InboundPacket) inbox.take(PATIENCE)).text()).isEqualTo("hello");
        assertThat(lease.send(text("hello yourself").to(peer.id()).wantAck())
                        .await(PATIENCE)
                        .by())
                .isEqualTo(peer.id());
    }

    @Test
    void each_test_has_its_own_registry_and_instance_node(LinkRegistry links) {
        assertThat(links.links()).isEmpty();
        assertThat(own.accepted()).isZero();
    }
}
