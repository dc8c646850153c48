package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node on two streams, and the threads in between. */
class SerialCableIT {
    private PipedInputStream fromClient;
    private PipedOutputStream toNode;
    private PipedInputStream fromNode;
    private PipedOutputStream toClient;

    @BeforeEach
    void open() throws IOException {
        fromClient = new PipedInputStream();
        toNode = new PipedOutputStream(fromClient);
        fromNode = new PipedInputStream();
        toClient = new PipedOutputStream(fromNode);
    }

    @AfterEach
    void leaves_no_thread() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("meshlease-simulator-serial"));
    }

    /** Reads frames and whatever is between them until one satisfies the client. */
    static FromRadio next(InputStream in, NodeFraming framing) throws IOException {
        byte[] payload = null;
        while (payload == null) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the end");
            }
            payload = framing.take((byte) next);
        }
        return FromRadio.parseFrom(payload);
    }

    static void handshake(InputStream in, OutputStream out, NodeFraming framing, int nonce) throws IOException {
        out.write(TcpClient.wantsConfig(nonce));
        out.flush();
        while (next(in, framing).getConfigCompleteId() != nonce) {
            // the dump, and log text
        }
    }

    @Test
    void a_node_on_a_serial_cable_alone_is_turned_on_with_it() throws Exception {
        NodeFraming framing = new NodeFraming();
        try (SimulatedNode node = SimulatedNode.builder()
                .variant(Variant.serialConsole())
                .nodes(1)
                .start(fromClient, toClient)) {
            assertThat(next(fromNode, framing).getRebooted()).isTrue();
            handshake(fromNode, toNode, framing, 7);
            node.peers().get(0).says("hello");
            FromRadio next;
            do {
                next = next(fromNode, framing);
            } while (!next.hasPacket());
            assertThat(next.getPacket().getDecoded().getPayload().toStringUtf8())
                    .isEqualTo("hello");
            assertThat(node.toString()).contains("on a serial cable");
            assertThatThrownBy(node::endpoint)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the serial port");
        }
        assertThatThrownBy(() -> toNode.write(1)).isInstanceOf(IOException.class);
    }

    @Test
    void a_node_on_tcp_may_have_a_cable_as_well() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder().nodes(1).start();
                TcpClient network = TcpClient.of(node.endpoint());
                SerialCable cable = node.attachSerial(fromClient, toClient)) {
            network.handshake(1);
            handshake(fromNode, toNode, new NodeFraming(), 2);
            network.handshake(3);
            assertThat(cable.isPlugged()).isTrue();
            assertThat(node.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_pulled_cable_can_be_replaced() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            SerialCable first = node.attachSerial(fromClient, toClient);
            assertThatThrownBy(() -> node.attachSerial(InputStream.nullInputStream(), OutputStream.nullOutputStream()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Close that one first");
            first.close();
            first.close();
            assertThat(first.isPlugged()).isFalse();
            open();
            try (SerialCable second = node.attachSerial(fromClient, toClient)) {
                handshake(fromNode, toNode, new NodeFraming(), 2);
                assertThat(second.isPlugged()).isTrue();
            }
        }
    }

    @Test
    void a_stream_that_ends_is_an_unplugged_cable_and_the_node_goes_on() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            SerialCable cable = node.attachSerial(fromClient, toClient);
            toNode.close();
            while (cable.isPlugged()) {
                Thread.onSpinWait();
            }
            cable.close();
            open();
            try (SerialCable again = node.attachSerial(fromClient, toClient)) {
                handshake(fromNode, toNode, new NodeFraming(), 2);
                assertThat(again.isPlugged()).isTrue();
            }
        }
    }

    @Test
    void so_is_a_stream_that_fails() throws Exception {
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("input/output error");
            }
        };
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            SerialCable cable = node.attachSerial(fromClient, failing);
            toNode.write(TcpClient.beat());
            toNode.flush();
            while (cable.isPlugged()) {
                Thread.onSpinWait();
            }
            assertThat(node.accepted()).isZero();
            cable.close();
        }
    }

    @Test
    void a_client_that_does_not_read_holds_up_nobody_else() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder()
                        .nodes(200)
                        .with(Switch.IDLE_POLL, Duration.ofMillis(5))
                        .start();
                TcpClient network = TcpClient.of(node.endpoint());
                SerialCable cable = node.attachSerial(fromClient, toClient)) {
            toNode.write(TcpClient.wantsConfig(1));
            toNode.flush();
            network.handshake(2);
            for (int i = 0; i < 100; i++) {
                network.handshake(i + 3);
            }
            NodeFraming framing = new NodeFraming();
            while (next(fromNode, framing).getConfigCompleteId() != 1) {
                // the dump, which has waited
            }
            assertThat(cable.isPlugged()).isTrue();
        }
    }

    @Test
    void a_client_that_writes_much_at_once_is_read_little_by_little() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder().start();
                SerialCable cable = node.attachSerial(fromClient, toClient)) {
            byte[] rubbish = new byte[300_000];
            toNode.write(rubbish);
            for (byte[] frame : List.of(TcpClient.beat(), TcpClient.wantsConfig(1))) {
                toNode.write(frame);
            }
            toNode.flush();
            NodeFraming framing = new NodeFraming();
            assertThat(next(fromNode, framing).hasQueueStatus()).isTrue();
            assertThat(next(fromNode, framing).hasMyInfo()).isTrue();
            assertThat(cable.isPlugged()).isTrue();
        }
    }

    @Test
    void closing_the_node_ends_its_streams() throws Exception {
        SimulatedNode node = SimulatedNode.builder().start();
        SerialCable cable = node.attachSerial(fromClient, toClient);
        node.close();

        assertThat(cable.isPlugged()).isFalse();
        assertThat(fromNode.read()).isEqualTo(-1);
    }

    @Test
    void a_port_makes_no_sense_on_a_cable() {
        assertThatThrownBy(() -> SimulatedNode.builder().port(4403).start(fromClient, toClient))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("port(4403)");
    }
}
