package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Endpoint;
import dev.meshlease.LinkRegistry;
import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.ForwardingEnvironment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import dev.meshlease.testkit.internal.transport.Interposed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTransportTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create(1);
    private final MemoryTransport transport = environment.transport();

    @Test
    void a_node_has_one_key_under_all_its_names() {
        transport.alias("Base.Station", Endpoint.of("sim://node"));
        assertThat(transport.scheme()).isEqualTo("sim");
        assertThat(transport.check(" NODE ")).isEqualTo("node");
        Set<LinkKey> keys = MemoryClient.target(environment, "node").keys();
        assertThat(keys).hasSize(1).extracting(LinkKey::scheme).containsExactly("sim");
        assertThat(MemoryClient.target(environment, "base.station").keys()).isEqualTo(keys);
        assertThat(MemoryClient.target(environment, "another").keys()).doesNotContainAnyElementsOf(keys);
        assertThat(MemoryClient.target(VirtualEnvironment.create(2), "node").keys())
                .as("of another world")
                .doesNotContainAnyElementsOf(keys);
    }

    @Test
    void an_address_is_not_looked_up_at_once() {
        var located = transport.locate("node", environment).toCompletableFuture();
        assertThat(located).isNotDone();
        environment.settle();
        assertThat(located).isCompleted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "node 1", "-node", "host:4403"})
    void a_malformed_name_is_refused(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.check(address))
                .withMessageContaining("sim://node-1");
    }

    @Test
    void another_environments_registry_is_told_where_it_belongs() {
        var located = transport.locate("node", VirtualEnvironment.create(2)).toCompletableFuture();
        assertThatThrownBy(located::join).hasCauseInstanceOf(IOException.class).hasMessageContaining("registry()");
    }

    @Test
    void an_environment_that_keeps_its_time_is_at_home() {
        var other = new ForwardingEnvironment(environment) {
            @Override
            public boolean isVirtual() {
                return false;
            }
        };
        var located = transport.locate("node", other).toCompletableFuture();
        environment.settle();
        assertThat(located).isCompleted();
    }

    @Test
    void the_permit_is_used_up_first_of_all() {
        Target target = MemoryClient.target(environment, "node");
        var client = new MemoryClient(environment);
        var permit = Permit.issue(Issuer.TESTKIT, target.keys());
        permit.redeem(target.keys());
        client.loop.execute(() -> assertThatIllegalStateException()
                .isThrownBy(() -> target.connect(permit, client.loop, client))
                .withMessageContaining("used before"));
        var foreign = Permit.issue(Issuer.TESTKIT, Set.of(new LinkKey("sim", "another")));
        client.loop.execute(() -> assertThatIllegalStateException()
                .isThrownBy(() -> target.connect(foreign, client.loop, client))
                .withMessageContaining("sim://another"));
        environment.advance(Duration.ofSeconds(1));
        assertThat(client.events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothing_is_connected_past_a_registry(boolean isViewed) {
        Transport way = isViewed ? new ViewedTransport(transport, " seen from attic") : transport;
        var located = way.locate("node", environment).toCompletableFuture();
        environment.settle();
        Target target = located.join();
        assertThatNullPointerException()
                .isThrownBy(() -> target.connect(null, null, null))
                .withMessageContaining("only a LinkRegistry gives out");
        var kept = Permit.issue(Issuer.TESTKIT, target.keys());
        kept.expire();
        assertThatIllegalStateException()
                .isThrownBy(() -> target.connect(kept, null, null))
                .withMessageContaining("has expired");
        var used = Permit.issue(Issuer.TESTKIT, target.keys());
        used.redeem(target.keys());
        assertThatIllegalStateException()
                .isThrownBy(() -> target.connect(used, null, null))
                .withMessageContaining("used before");
        var foreign = Permit.issue(Issuer.TESTKIT, Set.of(new LinkKey("sim", "another")));
        assertThatIllegalStateException()
                .isThrownBy(() -> target.connect(foreign, null, null))
                .withMessageContaining("not for");
    }

    /** A transport that keeps a permit back would have a connection that nobody knows of. */
    @Test
    void a_permit_that_was_given_out_for_one_connection_is_good_for_no_later_one() {
        List<Permit> kept = new ArrayList<>();
        var keeping = new KeepingTransport(transport, kept);
        SimulatedNode node = SimulatedNode.builder().start(environment);
        try (node;
                LinkRegistry links = LinkRegistry.builder()
                        .environment(environment)
                        .transport(keeping)
                        .build()) {
            links.acquire(node.endpoint(), "bot");
            environment.advance(Duration.ofSeconds(10));
            assertThat(kept)
                    .isNotEmpty()
                    .allSatisfy(permit -> assertThatIllegalStateException()
                            .isThrownBy(() -> permit.redeem(permit.keys()))
                            .withMessageContaining("has expired"));
            assertThat(node.accepted()).isZero();
        }
    }

    private static final class KeepingTransport extends Interposed {
        private final List<Permit> kept;

        KeepingTransport(Transport real, List<Permit> kept) {
            super(real);
            this.kept = kept;
        }

        @Override
        protected Target at(Target target) {
            return new Place(target) {
                @Override
                public ByteLink connect(Permit permit, Loop loop, ByteLinkListener events) {
                    kept.add(permit);
                    throw new IllegalStateException("not now");
                }
            };
        }
    }

    @Test
    void a_link_is_used_on_its_loop_only() {
        ScriptedServer.at(environment, "node");
        MemoryClient client = MemoryClient.open(environment, "node");
        assertThatIllegalStateException().isThrownBy(() -> client.link().write(ByteBuffer.allocate(1)));
        assertThatIllegalStateException().isThrownBy(() -> client.link().close());
        assertThatIllegalStateException().isThrownBy(() -> client.link().abort());
        assertThat(client.events).containsExactly("opened");
    }

    @Test
    void bad_settings_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> transport.latency(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> transport.window(0));
        assertThatIllegalArgumentException().isThrownBy(() -> transport.alias("x", Endpoint.of("tcp://node")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.stall(Endpoint.of("sim://nowhere")))
                .withMessageContaining("sim://nowhere");
    }
}
