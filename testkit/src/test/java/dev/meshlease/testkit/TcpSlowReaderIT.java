package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.testkit.node.ShortWrite;
import dev.meshlease.testkit.node.Switch;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A client that does not read, over sockets: how much goes into the kernels is theirs to say, what happens then is the node's. */
class TcpSlowReaderIT {
    private static final int NARROW = 2048;
    /** Enough for a state dump whose every frame is a segment, however late the client begins to read. */
    private static final int ROOM = 60_000;
    /** What a connection takes: the node's send buffer, which Linux doubles, and what the client's kernel takes. */
    private static final int MOST_BYTES = 200_000;
    /** Of 200 bytes each, which is twice as much. */
    private static final int TEXTS = 2000;

    private static SimulatedNodeBuilder node(ShortWrite shortWrite) {
        return SimulatedNode.builder()
                .nodes(1)
                .with(Switch.IDLE_POLL, Duration.ofMillis(5))
                .with(Switch.SEND_BUFFER, ROOM)
                .with(Switch.WRITE_WAIT, Duration.ZERO)
                .with(Switch.PHONE_QUEUE, TEXTS + 10)
                .with(Switch.SHORT_WRITE, shortWrite);
    }

    /** Says more than a connection takes, all of which fits the node's queue. */
    private static void talks(SimulatedNode node) {
        SimulatedPeer peer = node.peers().get(0);
        for (int i = 0; i < TEXTS; i++) {
            peer.says("x".repeat(200));
        }
    }

    private static void readsToTheLastWord(SimulatedNode node, TcpClient client) throws IOException {
        node.peers().get(0).says("the last word");
        int texts = 0;
        while (!client.nextText().equals("the last word")) {
            texts++;
        }
        assertThat(texts).isEqualTo(TEXTS);
    }

    private static int readAll(TcpClient client) throws IOException {
        return client.socket.getInputStream().readAllBytes().length;
    }

    @Test
    void firmware_2_7_tears_a_frame_and_gives_the_client_up() throws Exception {
        givesUp(ShortWrite.TORN);
    }

    @Test
    void firmware_2_8_gives_the_client_up() throws Exception {
        givesUp(ShortWrite.CLOSE);
    }

    private static void givesUp(ShortWrite shortWrite) throws IOException {
        try (SimulatedNode node = node(shortWrite).start();
                TcpClient client = TcpClient.narrow(node.endpoint(), NARROW)) {
            client.handshake(1);
            talks(node);

            assertThat(readAll(client)).isBetween(NARROW, MOST_BYTES);
            try (TcpClient next = TcpClient.of(node.endpoint())) {
                next.writes(TcpClient.wantsConfig(2));
                assertThat(next.next().hasMyInfo()).isTrue();
            }
            assertThat(node.evictions()).isZero();
        }
    }

    @Test
    void a_build_that_keeps_the_rest_loses_nothing_but_what_its_queue_cannot_hold() throws Exception {
        try (SimulatedNode node = node(ShortWrite.RETAIN).start();
                TcpClient client = TcpClient.narrow(node.endpoint(), NARROW)) {
            client.handshake(1);
            talks(node);
            readsToTheLastWord(node, client);
            client.handshake(2);
            assertThat(node.evictions()).isZero();
        }
    }

    @Test
    void a_board_with_patience_waits_for_the_reader() throws Exception {
        try (SimulatedNode node = node(ShortWrite.TORN)
                        .with(Switch.WRITE_WAIT, Duration.ofHours(1))
                        .start();
                TcpClient client = TcpClient.narrow(node.endpoint(), NARROW)) {
            client.handshake(1);
            talks(node);
            readsToTheLastWord(node, client);
        }
    }

    @Test
    void a_client_that_dies_while_a_board_waits_for_it_makes_room_for_the_next() throws Exception {
        try (SimulatedNode node = node(ShortWrite.TORN)
                .with(Switch.WRITE_WAIT, Duration.ofHours(1))
                .start()) {
            try (TcpClient client = TcpClient.narrow(node.endpoint(), NARROW)) {
                client.handshake(1);
                talks(node);
                client.socket.setSoLinger(true, 0);
            }
            try (TcpClient next = TcpClient.of(node.endpoint())) {
                next.handshake(2);
            }
        }
    }

    @Test
    void a_client_that_writes_and_writes_and_does_not_read_is_slowed_down_and_does_no_harm() throws Exception {
        try (SimulatedNode node = node(ShortWrite.TORN)
                        .with(Switch.WRITE_WAIT, Duration.ofHours(1))
                        .start();
                TcpClient client = TcpClient.narrow(node.endpoint(), NARROW)) {
            client.handshake(1);
            talks(node);
            byte[] rubbish = new byte[100_000];
            Thread writer = new Thread(() -> {
                try {
                    while (true) {
                        client.writes(rubbish);
                    }
                } catch (IOException closed) {
                    // the end of the test
                }
            });
            writer.start();
            node.disconnectClient();
            writer.join();
            try (TcpClient next = TcpClient.of(node.endpoint())) {
                next.handshake(2);
            }
        }
    }
}
