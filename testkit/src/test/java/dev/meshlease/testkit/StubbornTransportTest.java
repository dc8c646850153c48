package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A transport that opens, and then never says another word, not even that it closed. */
class StubbornTransportTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create();

    @Test
    void closing_the_registry_is_bounded_and_leaves_neither_claims_nor_open_deliveries() {
        LinkRegistry links = registry();
        Lease lease = links.acquire("stubborn://node", "bot");
        Delivery delivery = lease.send(text("hello").wantAck());
        environment.advance(Duration.ofSeconds(1));
        assertThat(lease.status().state()).isEqualTo(LinkState.HANDSHAKING);

        links.close();
        environment.settle();

        assertThat(lease.status().state()).isEqualTo(LinkState.CLOSED);
        assertThatThrownBy(() -> delivery.await(Duration.ofSeconds(1))).isInstanceOf(DeliveryException.class);
        try (LinkRegistry next = registry()) {
            next.acquire("stubborn://node", "heir");
        }
    }

    @Test
    void a_connection_that_does_not_end_is_never_doubled() {
        try (LinkRegistry links = registry()) {
            Lease lease = links.acquire("stubborn://node", "bot");

            environment.advance(Duration.ofMinutes(10));

            assertThat(lease.status().generation()).isEqualTo(1);
            assertThat(opened).isEqualTo(1);
        }
    }

    private int opened;

    private LinkRegistry registry() {
        return LinkRegistry.builder()
                .environment(environment)
                .transport(new Stubborn())
                .build();
    }

    private final class Stubborn implements Transport, Target, ByteLink {
        @Override
        public String scheme() {
            return "stubborn";
        }

        @Override
        public String check(String address) {
            return address;
        }

        @Override
        public CompletionStage<Target> locate(String address, Environment where) {
            return CompletableFuture.completedStage(this);
        }

        @Override
        public Set<LinkKey> keys() {
            return Set.of(new LinkKey("stubborn", "node"));
        }

        @Override
        public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
            permit.redeem(keys());
            opened++;
            loop.execute(events::opened);
            return this;
        }

        @Override
        public int write(ByteBuffer bytes) {
            int all = bytes.remaining();
            bytes.position(bytes.limit());
            return all;
        }

        @Override
        public void close() {}

        @Override
        public void abort() {}
    }
}
