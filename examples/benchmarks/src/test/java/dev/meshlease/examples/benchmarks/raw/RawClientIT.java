package dev.meshlease.examples.benchmarks.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.testkit.SimulatedNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RawClientIT {
    /** my_info with nothing in it, {@code config_complete_id} 4711, and a queue status with nothing in it. */
    private static final byte[] MY_INFO = {(byte) 0x94, (byte) 0xC3, 0, 2, 0x1A, 0};

    private static final byte[] CONFIG_COMPLETE = {(byte) 0x94, (byte) 0xC3, 0, 3, 0x38, (byte) 0xE7, 0x24};
    private static final byte[] QUEUE_STATUS = {(byte) 0x94, (byte) 0xC3, 0, 2, 0x5A, 0};

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static int handshake(byte[] answer) throws IOException {
        try (RawNode node = RawNode.start(answer);
                RawClient client = RawClient.connect(node.port())) {
            return client.handshake();
        }
    }

    @Test
    void reads_to_the_end_of_the_state_again_and_again() throws IOException {
        byte[] answer = bytes(MY_INFO, CONFIG_COMPLETE);
        try (RawNode node = RawNode.start(answer);
                RawClient client = RawClient.connect(node.port())) {
            assertThat(client.handshake()).isEqualTo(answer.length);
            assertThat(client.handshake()).isEqualTo(answer.length);
            assertThat(client.state()).isEqualTo(answer);
        }
    }

    @Test
    void reads_a_large_state() throws IOException {
        byte[] large = new byte[4 + 500];
        System.arraycopy(new byte[] {(byte) 0x94, (byte) 0xC3, 1, (byte) 0xF4, 0x1A}, 0, large, 0, 5);
        byte[][] answer = new byte[101][];
        Arrays.fill(answer, large);
        answer[100] = CONFIG_COMPLETE;

        assertThat(handshake(bytes(answer))).isEqualTo(100 * 504 + CONFIG_COMPLETE.length);
    }

    /** That is how the baseline comes to write the bytes of the candidate. */
    @Test
    void a_raw_node_says_what_a_simulated_one_said() throws IOException {
        try (SimulatedNode simulated = SimulatedNode.builder().nodes(20).start();
                RawClient first = RawClient.connect(simulated.endpoint())) {
            int read = first.handshake();
            try (RawNode raw = RawNode.start(first.state());
                    RawClient second = RawClient.connect(raw.port())) {
                assertThat(second.handshake()).isEqualTo(read);
                assertThat(second.state()).isEqualTo(first.state());
            }
        }
    }

    @Test
    void refuses_what_is_no_state() {
        assertThatThrownBy(() -> handshake(bytes(new byte[] {1, 2, 3, 4, 5, 6})))
                .isInstanceOf(IOException.class)
                .hasMessage("No frame begins 0 bytes into the node's state");
    }

    @Test
    void keeps_what_a_node_says_behind_its_state() throws IOException {
        byte[] answer = bytes(MY_INFO, CONFIG_COMPLETE);
        try (RawNode node = RawNode.start(bytes(MY_INFO, CONFIG_COMPLETE, QUEUE_STATUS));
                RawClient client = RawClient.connect(node.port())) {
            assertThat(client.handshake()).isEqualTo(answer.length);
            assertThat(client.state()).isEqualTo(answer);
            assertThat(client.handshake()).isEqualTo(QUEUE_STATUS.length + answer.length);
        }
    }

    @Test
    void does_not_wait_for_a_node_that_hung_up() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawClient client = RawClient.connect(server.getLocalPort())) {
            client.ask();
            try (Socket node = server.accept()) {
                int unused = node.getInputStream().readNBytes(RawClient.questionBytes()).length;
                node.getOutputStream().write(MY_INFO);
            }

            assertThatThrownBy(client::readState)
                    .isInstanceOf(EOFException.class)
                    .hasMessage("The node hung up after 6 bytes of its state");
        }
    }
}
