package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Endpoint;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NaiveClientIT {
    private static final Duration SOON = Duration.ofMillis(10);

    @Test
    void two_of_them_take_the_node_from_each_other_again_and_again() throws Exception {
        CountDownLatch heard = new CountDownLatch(2);
        try (SimulatedNode node = SimulatedNode.builder().nodes(1).start();
                NaiveClient one = NaiveClient.start(node.endpoint(), SOON, text -> heard.countDown());
                NaiveClient two = NaiveClient.start(node.endpoint(), SOON, text -> heard.countDown())) {
            SimulatedPeer peer = node.peers().get(0);
            while (node.evictions() < 6 || heard.getCount() > 0) {
                peer.says("who is there?");
            }
            assertThat(one.kicked()).isGreaterThan(0);
            assertThat(two.kicked()).isGreaterThan(0);
            assertThat(one.connections() + two.connections()).isGreaterThanOrEqualTo(6);
            assertThat(one.packets() + two.packets()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    @SuppressWarnings("try")
    void it_reads_and_sends_and_ends() throws Exception {
        BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        try (SimulatedNode node = SimulatedNode.builder().nodes(1).start();
                NaiveClient client = NaiveClient.start(node.endpoint(), SOON, texts::add)) {
            node.peers().get(0).says("hello");
            assertThat(texts.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
            assertThat(client.handshakes()).isEqualTo(1);
            assertThat(client.says("hello yourself")).isTrue();
            while (node.sent().isEmpty()) {
                // ends by the text's arrival, or by the time limit of the test
                Thread.onSpinWait();
            }
            assertThat(node.sent().get(0).getDecoded().getPayload().toStringUtf8())
                    .isEqualTo("hello yourself");
            client.close();
            assertThat(client.says("gone")).isFalse();
            assertThat(client.kicked()).isZero();
        }
    }

    @Test
    @SuppressWarnings("try")
    void it_counts_as_a_rival_even_if_it_has_left_before_the_node_looks() throws Exception {
        try (SimulatedNode node = SimulatedNode.builder().start();
                TcpClient client = TcpClient.of(node.endpoint())) {
            assertThat(node.await(SimulatedNode::hasClient, Duration.ofSeconds(10)))
                    .isTrue();
            NaiveClient rival = NaiveClient.start(node.endpoint());
            while (rival.connections() == 0) {
                // ends by its connection, or by the time limit of the test
                Thread.onSpinWait();
            }
            rival.close();
            assertThat(node.await(seen -> seen.accepted() == 2, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(node.evictions()).isEqualTo(1);
            assertThat(node.overlaps()).isEmpty();
        }
    }

    @Test
    void it_goes_to_the_loopback_interface_only() {
        assertThatThrownBy(() -> NaiveClient.start(Endpoint.of("tcp://192.0.2.1:4403")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("real node");
        assertThatThrownBy(() -> NaiveClient.start(Endpoint.of("serial:/dev/ttyUSB0")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
