package dev.meshlease.testkit;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.EndpointException;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LossCause;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.message.InboundPacket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever answers at an endpoint: the status says what it was, and the registry's other links go on. */
class BadPeersTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final LinkRegistry links = environment.registry();
    private final SimulatedNode good = SimulatedNode.builder().nodes(2).start(environment);
    private final Lease healthy = links.acquire(good.endpoint(), "healthy");
    private ScriptedServer bad;

    @BeforeEach
    void start() {
        bad = ScriptedServer.at(environment, "bad");
        bad.echoes = false;
        healthy.ready().await(Duration.ofSeconds(5));
    }

    @AfterEach
    void the_good_link_has_not_noticed() {
        Inbox inbox = healthy.inbox(texts());
        good.peers().get(0).says("still here");
        assertThat(((InboundPacket) inbox.take(Duration.ofSeconds(5))).text()).isEqualTo("still here");
        assertThat(healthy.status().generation()).isEqualTo(1);
        links.close();
        good.close();
    }

    @Test
    void a_web_server_that_hangs_up_is_no_node_and_the_status_quotes_it() {
        Lease lease = connect();

        bad.only().says("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        bad.only().closes(false);

        LinkLoss loss = loss(lease);
        assertThat(loss.cause()).isEqualTo(LossCause.PROTOCOL_ERROR);
        assertThat(loss.evidence()).contains("HTTP/1.1 400");
    }

    @Test
    void a_web_server_that_keeps_the_connection_is_found_out_too() {
        Lease lease = connect();
        bad.only().says("HTTP/1.1 400 Bad Request\r\n\r\n");

        environment.advance(Duration.ofSeconds(20));

        assertThat(loss(lease).cause()).isEqualTo(LossCause.PROTOCOL_ERROR);
    }

    @Test
    void a_node_that_closes_in_the_handshake_is_tried_again() {
        Lease lease = connect();
        bad.only().closes(false);

        assertThat(loss(lease).cause()).isEqualTo(LossCause.END_OF_STREAM);
        environment.advance(Duration.ofSeconds(3));
        assertThat(bad.sessions).hasSizeGreaterThan(1);
    }

    @Test
    void a_node_that_resets_in_the_handshake_is_told_apart() {
        Lease lease = connect();
        bad.only().closes(true);

        assertThat(loss(lease).cause()).isEqualTo(LossCause.RESET);
    }

    @Test
    void a_node_that_never_completes_its_handshake_is_given_up_with_how_far_it_came() {
        Lease lease = connect();

        environment.advance(Duration.ofSeconds(16));

        LinkLoss loss = loss(lease);
        assertThat(loss.cause()).isEqualTo(LossCause.TIMED_OUT);
        assertThat(loss.evidence()).contains("handshake", "0 messages");
    }

    @Test
    void a_wait_for_a_link_that_does_not_come_says_what_is_wrong_with_it() {
        Lease lease = connect();
        bad.only().closes(true);

        assertThatThrownBy(() -> lease.ready().await(Duration.ofSeconds(2)))
                .isInstanceOf(WaitTimeoutException.class)
                .hasMessageContaining("READY")
                .hasMessageContaining("RESET");
    }

    @Test
    void an_endpoint_that_does_not_parse_or_has_no_transport_is_refused_at_once() {
        assertThatThrownBy(() -> links.acquire("just text", "bot"))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("tcp://HOST");
        assertThatThrownBy(() -> links.acquire("carrier-pigeon://coop", "bot"))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("no transport serves 'carrier-pigeon'")
                .hasMessageContaining("sim");
        assertThatThrownBy(() -> links.acquire("sim://not a name", "bot"))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("not a name");
    }

    private Lease connect() {
        Lease lease = links.acquire("sim://bad", "unlucky");
        environment.advance(Duration.ofMillis(50));
        assertThat(lease.status().state()).isEqualTo(LinkState.HANDSHAKING);
        return lease;
    }

    private LinkLoss loss(Lease lease) {
        environment.advance(Duration.ofMillis(50));
        return lease.status().losses().get(0);
    }
}
