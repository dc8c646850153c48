package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualNamesTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create(1);

    private List<String> addresses(String host) {
        CompletableFuture<List<InetAddress>> answer =
                environment.names().resolve(host).toCompletableFuture();
        assertThat(answer).isNotDone();
        environment.settle();
        return answer.join().stream().map(InetAddress::getHostAddress).toList();
    }

    @Test
    void a_name_has_the_addresses_that_the_test_gave_it() {
        environment.addName("node.example", "10.0.0.7", "fd00::7");
        assertThat(addresses("node.example")).containsExactly("10.0.0.7", "fd00:0:0:0:0:0:0:7");
        assertThat(addresses("NODE.Example.")).containsExactly("10.0.0.7", "fd00:0:0:0:0:0:0:7");

        environment.addName("node.example", "10.0.0.8");
        assertThat(addresses("node.example")).containsExactly("10.0.0.8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.7", "255.255.255.255", "0:0:0:0:0:0:0:1"})
    void a_literal_address_stands_for_itself(String literal) {
        assertThat(addresses(literal)).containsExactly(literal);
    }

    @Test
    void localhost_is_both_loopback_addresses() {
        assertThat(addresses("localhost")).containsExactly("0:0:0:0:0:0:0:1", "127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gone.example", "256.0.0.1", "1.2.3", "cafe", "g::1", "fe80:::1", "fe80::1%no-such-interface"})
    void anything_else_is_unknown(String host) {
        environment.addName("gone.example", "10.0.0.7");
        environment.removeName("Gone.example");
        assertThatThrownBy(() -> addresses(host))
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessageContaining(host);
    }

    @Test
    void a_look_up_takes_as_long_as_the_test_says() {
        environment.nameDelay(Duration.ofSeconds(3));
        var answer = environment.names().resolve("localhost").toCompletableFuture();
        environment.advance(Duration.ofMillis(2999));
        assertThat(answer).isNotDone();
        environment.advance(Duration.ofMillis(1));
        assertThat(answer).isCompleted();
    }

    @Test
    void bad_addresses_and_delays_are_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> environment.addName("node", "other.example"))
                .withMessageContaining("other.example");
        assertThatIllegalArgumentException().isThrownBy(() -> environment.addName("node"));
        assertThatIllegalArgumentException().isThrownBy(() -> environment.nameDelay(Duration.ofSeconds(-1)));
    }
}
