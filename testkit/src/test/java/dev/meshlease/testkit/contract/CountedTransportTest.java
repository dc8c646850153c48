package dev.meshlease.testkit.contract;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.VirtualEnvironment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CountedTransportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().nodes(2).start(environment);
    private final SimulatedNode other = SimulatedNode.builder().start(environment);
    private final CountedTransport transport = CountedTransport.of(environment.transport());

    private LinkRegistry registry() {
        return LinkRegistry.builder()
                .environment(environment)
                .transport(transport)
                .build();
    }

    @Test
    void attempts_count_until_they_are_reported_as_closed() {
        try (LinkRegistry links = registry()) {
            Lease one = links.acquire(node.endpoint(), "bot");
            one.ready().await(PATIENCE);
            assertThat(transport.underWay()).isEqualTo(1);
            Lease two = links.acquire(other.endpoint(), "bot");
            two.ready().await(PATIENCE);
            assertThat(transport.underWay()).isEqualTo(2);
            two.close();
            environment.advance(Duration.ofMinutes(1));
            assertThat(transport.underWay()).isEqualTo(1);
            two = links.acquire(other.endpoint(), "bot");
            two.ready().await(PATIENCE);
            assertThat(one.status().isReady() && two.status().isReady()).isTrue();
        }
        assertThat(transport.attempts()).isEqualTo(3);
        assertThat(transport.mostAtOnce()).isEqualTo(2);
        assertThat(transport.underWay()).isZero();
    }

    @Test
    void bytes_count_when_they_have_come_in() throws InterruptedException {
        try (LinkRegistry links = registry()) {
            Lease bot = links.acquire(node.endpoint(), "bot");
            bot.ready().await(PATIENCE);
            long before = transport.received();
            assertThat(before).isPositive();
            var inbox = bot.inbox(texts());
            node.peers().get(0).says("hello");
            inbox.take(PATIENCE);
            assertThat(transport.received()).isGreaterThan(before + "hello".length());
            transport.awaitReceived(before + 1, Duration.ZERO);
            assertThatThrownBy(() -> transport.awaitReceived(Long.MAX_VALUE, Duration.ofMillis(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("PT0.001S");
        }
        transport.awaitReceived(Long.MAX_VALUE, PATIENCE);
    }

    @Test
    void an_attempt_that_fails_at_once_is_over() {
        Loop loop = environment.newLoop("test");
        CompletableFuture<Target> located =
                transport.locate(node.endpoint().address(), environment).toCompletableFuture();
        environment.settle();
        Target target = located.join();
        Permit permit = Permit.issue(Issuer.TESTKIT, target.keys());
        permit.redeem(target.keys());
        assertThatIllegalStateException()
                .isThrownBy(() -> target.connect(permit, loop, new LinkRecorder(loop)))
                .withMessageContaining("used before");
        assertThat(transport.attempts()).isEqualTo(1);
        assertThat(transport.underWay()).isZero();
        assertThat(node.accepted()).isZero();
    }

    @Test
    void is_the_transport_it_counts_in_all_else() {
        assertThat(transport.scheme()).isEqualTo("sim");
        assertThat(transport.check(" NODE ")).isEqualTo("node");
    }
}
