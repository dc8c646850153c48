package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Acknowledgement;
import dev.meshlease.Delivery;
import dev.meshlease.DeliveryStage;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Request;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mesh as a user of the library meets it: several nodes, a lease on each. */
class MeshByLinksTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final VirtualEnvironment environment = VirtualEnvironment.create(1);
    private final SimulatedMesh mesh = SimulatedMesh.create();
    private final SimulatedNode home = SimulatedNode.builder().mesh(mesh).start(environment);
    private final SimulatedNode hill = SimulatedNode.builder().mesh(mesh).start(environment);
    private final SimulatedNode hut = SimulatedNode.builder().mesh(mesh).start(environment);
    private final LinkRegistry links = environment.registry();
    private final Lease atHome = links.acquire(home.endpoint(), "home");
    private final Lease atHut = links.acquire(hut.endpoint(), "hut");

    @BeforeEach
    void line() {
        mesh.line(home, hill, hut);
        atHome.ready().await(PATIENCE);
        atHut.ready().await(PATIENCE);
    }

    @AfterEach
    void end() {
        links.close();
    }

    @Test
    void a_text_goes_over_the_hill_and_its_ack_comes_back() throws InterruptedException {
        Inbox inbox = atHut.inbox(texts());
        Delivery delivery = atHome.send(text("anybody in?").to(hut.id()).wantAck());

        Acknowledgement ack = delivery.await(PATIENCE);

        assertThat(ack.by()).isEqualTo(hut.id());
        assertThat(ack.isImplicit()).isFalse();
        assertThat(delivery.steps()).extracting(DeliveryStep::stage).contains(DeliveryStage.RELAYED);
        InboundPacket heard = (InboundPacket) inbox.take(PATIENCE);
        assertThat(heard.text()).isEqualTo("anybody in?");
        assertThat(heard.from()).isEqualTo(home.id());
    }

    @Test
    void a_route_is_traced_over_the_hill() {
        assertThat(atHome.request(Request.traceroute(hut.id())).await(PATIENCE).getRouteList())
                .containsExactly(hill.id().number());
    }
}
