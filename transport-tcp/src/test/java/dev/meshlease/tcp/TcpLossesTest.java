package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Loss.Kind;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TcpLossesTest {
    /** As the JDK words them on Linux, macOS and Windows. */
    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused"), Kind.REFUSED),
                Arguments.of(new ConnectException("Connection refused: connect"), Kind.REFUSED),
                Arguments.of(new ConnectException("Connection timed out"), Kind.TIMED_OUT),
                Arguments.of(new ConnectException("Operation timed out"), Kind.TIMED_OUT),
                Arguments.of(new IOException("Connection timed out"), Kind.TIMED_OUT),
                Arguments.of(new NoRouteToHostException("No route to host"), Kind.UNREACHABLE),
                Arguments.of(new NoRouteToHostException(null), Kind.UNREACHABLE),
                Arguments.of(new SocketException("Network is unreachable"), Kind.UNREACHABLE),
                Arguments.of(new SocketException("Host is down"), Kind.UNREACHABLE),
                Arguments.of(new SocketException("Network is down"), Kind.UNREACHABLE),
                Arguments.of(new IOException("No route to host"), Kind.UNREACHABLE),
                Arguments.of(new BindException("Cannot assign requested address"), Kind.UNREACHABLE),
                Arguments.of(new SocketException("Connection reset"), Kind.RESET),
                Arguments.of(new IOException("Connection reset by peer"), Kind.RESET),
                Arguments.of(new IOException("Broken pipe"), Kind.RESET),
                Arguments.of(
                        new IOException("An existing connection was forcibly closed by the remote host"), Kind.RESET),
                Arguments.of(
                        new IOException("An established connection was aborted by the software in your host machine"),
                        Kind.RESET),
                Arguments.of(new SocketException("Too many open files"), Kind.FAILED),
                Arguments.of(new BindException("Permission denied"), Kind.FAILED),
                Arguments.of(new UnsupportedAddressTypeException(), Kind.FAILED));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void reads_the_systems_errors(Exception error, Kind expected) {
        Loss loss = TcpLosses.of(error);
        assertThat(loss.kind()).isEqualTo(expected);
        assertThat(loss.error()).isSameAs(error);
        assertThat(loss.detail())
                .isEqualTo(error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage());
    }

    @Test
    void of_several_failures_the_one_that_tells_most_about_the_node_counts() {
        Loss noWay = Loss.of(Kind.UNREACHABLE, "a");
        Loss refused = Loss.of(Kind.REFUSED, "b");
        Loss other = Loss.of(Kind.FAILED, "c");
        assertThat(TcpLosses.sum(noWay, refused)).isEqualTo(Loss.of(Kind.REFUSED, "a; b"));
        assertThat(TcpLosses.sum(refused, noWay)).isEqualTo(Loss.of(Kind.REFUSED, "b; a"));
        assertThat(TcpLosses.sum(other, noWay)).isEqualTo(Loss.of(Kind.UNREACHABLE, "c; a"));
    }
}
