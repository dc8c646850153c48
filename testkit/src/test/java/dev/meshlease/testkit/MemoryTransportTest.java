package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Endpoint;
import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
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
