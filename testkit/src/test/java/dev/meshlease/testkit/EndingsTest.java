package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndingsTest {
    private final IOException met = new IOException("reset");
    private final Bench bench = Bench.of(SimulatedNode.builder());

    @Test
    void an_end_without_a_reason_is_not_forgiven() {
        bench.ready().disconnects();
        bench.host.advance(Bench.MOMENT);
        Endings endings = Endings.of(bench.node);
        bench.ready();
        bench.node.disconnectClient();

        assertThatThrownBy(() -> endings.forgive(met, Endings.ANY))
                .isInstanceOf(AssertionError.class)
                .hasCause(met)
                .hasMessageContaining("B is disconnected");
    }

    @Test
    void an_eviction_is_a_reason_but_not_for_the_newest() {
        Endings endings = Endings.of(bench.node);
        bench.ready();
        bench.ready();

        assertThatCode(() -> endings.forgive(met, Endings.ANY)).doesNotThrowAnyException();
        assertThatThrownBy(() -> endings.forgive(met, Endings.RESTART)).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_goodbye_is_a_reason() {
        Endings endings = Endings.of(bench.node);
        bench.ready().disconnects();
        bench.host.advance(Bench.MOMENT);

        assertThatCode(() -> endings.forgive(met, Endings.ANY)).doesNotThrowAnyException();
    }

    @Test
    void a_restart_is_a_reason_before_and_while_it_happens() {
        Endings before = Endings.of(bench.node);
        bench.node.reboot();
        Endings meanwhile = Endings.of(bench.node);
        assertThat(meanwhile.isOff()).isTrue();
        assertThatCode(() -> before.forgive(met, Endings.RESTART)).doesNotThrowAnyException();
        assertThatCode(() -> meanwhile.forgive(met, Endings.RESTART)).doesNotThrowAnyException();
        bench.host.advance(Duration.ofMinutes(1));

        assertThat(meanwhile.isOff()).isFalse();
        assertThatThrownBy(() -> Endings.of(bench.node).forgive(met, Endings.RESTART))
                .isInstanceOf(AssertionError.class);
    }
}
