package dev.meshlease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.message.Overflow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "tcp://meshtastic.local, tcp, meshtastic.local, tcp://meshtastic.local",
        "TCP://10.0.0.7:4403, tcp, 10.0.0.7:4403, tcp://10.0.0.7:4403",
        "tcp:10.0.0.7, tcp, 10.0.0.7, tcp://10.0.0.7",
        "serial:/dev/ttyUSB0, serial, /dev/ttyUSB0, serial:/dev/ttyUSB0",
        "serial:COM3, serial, COM3, serial:COM3",
        "' tcp://[fe80::1%eth0]:4403 ', tcp, [fe80::1%eth0]:4403, tcp://[fe80::1%eth0]:4403"
    })
    void an_endpoint_is_a_scheme_and_an_address(String text, String scheme, String address, String shown) {
        Endpoint endpoint = Endpoint.of(text);

        assertThat(endpoint).isEqualTo(new Endpoint(scheme, address));
        assertThat(endpoint).hasToString(shown);
        assertThat(Endpoint.of(shown)).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "meshtastic.local",
                "10.0.0.7",
                "10.0.0.7:4403",
                "meshtastic.local:4403",
                "localhost:4403",
                "tcp:",
                "tcp://",
                ":x",
                "/dev/ttyUSB0"
            })
    void what_is_no_endpoint_is_refused_with_an_example(String text) {
        assertThatThrownBy(() -> Endpoint.of(text))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("tcp://meshtastic.local");
    }

    @Test
    void options_out_of_range_are_refused_where_they_are_set() {
        assertThatIllegalArgumentException().isThrownBy(() -> LeaseOptions.of(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LeaseOptions.of("bot").inbox(0, Overflow.DROP_OLDEST));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinkOptions.builder().linger(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinkOptions.builder().settleTimeout(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new ReconnectPolicy(Duration.ofSeconds(2), Duration.ofSeconds(1), 0.2, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new ReconnectPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), Double.NaN, Duration.ZERO));
    }
}
