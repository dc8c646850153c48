package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.fault.Receiver;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Faults on sockets and streams. */
class FaultsIT {
    private static SimulatedNode start(Fault... faults) {
        return SimulatedNode.builder()
                .nodes(1)
                .with(Switch.IDLE_POLL, Duration.ofMillis(5))
                .fault(faults)
                .start();
    }

    @Test
    void a_connection_is_reset_in_the_middle_of_a_handshake() throws Exception {
        try (SimulatedNode node = start(Fault.reset().at(Point.CONFIG_COMPLETE).times(1))) {
            try (TcpClient client = TcpClient.of(node.endpoint())) {
                client.writes(TcpClient.wantsConfig(1));
                assertThat(client.end()).isEqualTo("RST");
            }
            try (TcpClient client = TcpClient.of(node.endpoint())) {
                client.handshake(2);
            }
            assertThat(node.faults().strikes()).isEqualTo(1);
        }
    }

    @Test
    void a_connection_is_closed_as_soon_as_it_is_accepted() throws Exception {
        try (SimulatedNode node = start(Fault.close().times(1));
                TcpClient first = TcpClient.of(node.endpoint())) {
            assertThat(first.end()).isEqualTo("FIN");
            try (TcpClient second = TcpClient.of(node.endpoint())) {
                second.handshake(2);
            }
        }
    }

    @Test
    void connections_are_refused_and_accepted_again() throws Exception {
        try (SimulatedNode node = start()) {
            try (Injection refusal = node.inject(Fault.refuse(Duration.ofHours(1)))) {
                assertThatThrownBy(() -> TcpClient.of(node.endpoint())).isInstanceOf(ConnectException.class);
                assertThat(refusal.strikes()).isEqualTo(1);
            }
            try (TcpClient client = TcpClient.of(node.endpoint())) {
                client.handshake(1);
            }
        }
    }

    @Test
    void a_node_that_stalls_reading_fills_the_clients_socket_and_goes_on_where_it_was() throws Exception {
        try (SimulatedNode node = start();
                TcpClient client = TcpClient.of(node.endpoint())) {
            client.handshake(1);
            Injection stall = node.inject(Fault.stallReading());
            client.writes(TcpClient.wantsConfig(2));
            client.socket.setSoTimeout(300);
            assertThatThrownBy(() -> client.completes(2)).isInstanceOf(SocketTimeoutException.class);
            stall.close();
            client.socket.setSoTimeout(10_000);
            client.completes(2);
        }
    }

    @Test
    void what_a_node_that_stalls_writing_says_comes_when_it_goes_on() throws Exception {
        try (SimulatedNode node = start();
                TcpClient client = TcpClient.of(node.endpoint())) {
            client.handshake(1);
            Injection stall = node.inject(Fault.stallWriting());
            node.peers().get(0).says("late");
            client.socket.setSoTimeout(300);
            assertThatThrownBy(client::nextText).isInstanceOf(SocketTimeoutException.class);
            stall.close();
            client.socket.setSoTimeout(10_000);
            assertThat(client.nextText()).isEqualTo("late");
        }
    }

    @Test
    void a_rival_takes_over_and_a_client_takes_back() throws Exception {
        try (SimulatedNode node = start();
                TcpClient client = TcpClient.of(node.endpoint())) {
            client.handshake(1);
            node.inject(Fault.rival().times(1));
            assertThat(client.end()).isEqualTo("FIN");
            try (TcpClient back = TcpClient.of(node.endpoint())) {
                back.handshake(2);
            }
            assertThat(node.evictions()).isEqualTo(2);
        }
    }

    @Test
    void a_split_and_delayed_frame_is_whole_in_the_end() throws Exception {
        try (SimulatedNode node = start();
                TcpClient client = TcpClient.of(node.endpoint())) {
            client.handshake(1);
            try (Injection slow = node.inject(
                    Fault.splitEverywhere().to(Receiver.CLIENT),
                    Fault.delay(Duration.ofMillis(20)),
                    Fault.splitEverywhere().to(Receiver.NODE))) {
                client.writes(TcpClient.beat());
                node.peers().get(0).says("slowly");
                assertThat(client.nextText()).isEqualTo("slowly");
                assertThat(slow.strikes()).isGreaterThanOrEqualTo(4);
            }
        }
    }

    @Test
    void streams_have_faults_too() throws Exception {
        PipedInputStream fromClient = new PipedInputStream();
        PipedInputStream fromNode = new PipedInputStream();
        PipedOutputStream toNode = new PipedOutputStream(fromClient);
        PipedOutputStream toClient = new PipedOutputStream(fromNode);
        try (SimulatedNode node = SimulatedNode.builder()
                .variant(Variant.serialConsole())
                .nodes(1)
                .fault(
                        Fault.drop().at(Point.WANT_CONFIG).times(1),
                        Fault.garbage().at(Point.MY_INFO))
                .start(fromClient, toClient)) {
            NodeFraming framing = new NodeFraming();
            toNode.write(TcpClient.wantsConfig(1));
            SerialCableIT.handshake(fromNode, toNode, framing, 2);
            assertThat(node.faults().strikes()).isEqualTo(2);
            node.inject(Fault.close().times(1));
            assertThatThrownBy(() -> readsOn(fromNode)).isInstanceOf(IOException.class);
        }
    }

    private static void readsOn(PipedInputStream fromNode) throws IOException {
        FromRadio next;
        do {
            next = SerialCableIT.next(fromNode, new NodeFraming());
        } while (next.isInitialized());
    }
}
