package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.testkit.internal.firmware.NodeFraming;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpFaceIT {
    private static final int READ_LIMIT_MILLIS = 10_000;

    private final SimulatedNode node = SimulatedNode.builder().nodes(3).start();

    @AfterEach
    void close() {
        node.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(READ_LIMIT_MILLIS);
        return socket;
    }

    private int port() {
        String address = node.endpoint().address();
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }

    private static void handshake(Socket socket, int nonce) throws IOException {
        socket.getOutputStream()
                .write(NodeFraming.frame(
                        ToRadio.newBuilder().setWantConfigId(nonce).build().toByteArray()));
        while (next(socket).getConfigCompleteId() != nonce) {
            // the dump
        }
    }

    private static FromRadio next(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(in.readUnsignedShort()).isEqualTo(0x94C3);
        return FromRadio.parseFrom(in.readNBytes(in.readUnsignedShort()));
    }

    @Test
    void two_sockets_evict_each_other() throws Exception {
        try (Socket first = connect()) {
            handshake(first, 1);
            try (Socket second = connect()) {
                handshake(second, 2);
                assertThat(first.getInputStream().read()).isEqualTo(-1);
                try (Socket third = connect()) {
                    assertThat(second.getInputStream().read()).isEqualTo(-1);
                    handshake(third, 3);
                }
            }
        }
        assertThat(node.evictions()).isEqualTo(2);
        assertThat(node.accepted()).isEqualTo(3);
    }

    @Test
    void a_peers_text_arrives_and_an_eviction_ends_the_stream() throws Exception {
        try (Socket client = connect()) {
            handshake(client, 1);
            node.peers().get(0).says("hello");
            assertThat(next(client).getPacket().getDecoded().getPayload().toStringUtf8())
                    .isEqualTo("hello");
            node.evictClient();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_half_closed_client_still_gets_its_answer() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream()
                    .write(NodeFraming.frame(
                            ToRadio.newBuilder().setWantConfigId(4).build().toByteArray()));
            client.shutdownOutput();
            while (next(client).getConfigCompleteId() != 4) {
                // the dump
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_closed_node_ends_its_clients_and_its_port() throws Exception {
        try (Socket client = connect()) {
            handshake(client, 1);
            node.close();
            node.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThatThrownBy(node::accepted).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_taken_port_says_what_to_do() {
        assertThatThrownBy(() -> SimulatedNode.builder().port(port()).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Use another port");
    }
}
