package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.testkit.node.Newcomer;
import dev.meshlease.testkit.node.SessionEnd;
import dev.meshlease.testkit.node.Switch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TcpFaceIT {
    private static final int A_CONNECT_IS_TRIED_AGAIN_AFTER_MILLIS = 1_000;

    private SimulatedNode node = start(SimulatedNode.builder().nodes(3));

    private static SimulatedNode start(SimulatedNodeBuilder builder) {
        return builder.with(Switch.IDLE_POLL, Duration.ofMillis(5)).start();
    }

    /** Another node than the usual one. */
    private void starts(SimulatedNodeBuilder builder) {
        node.close();
        node = start(builder.nodes(3));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private TcpClient connect() throws IOException {
        return TcpClient.of(node.endpoint());
    }

    private TcpClient ready() throws IOException {
        TcpClient client = connect();
        client.handshake(1);
        return client;
    }

    @Test
    void two_sockets_evict_each_other() throws Exception {
        try (TcpClient first = ready();
                TcpClient second = ready()) {
            assertThat(first.end()).isEqualTo("FIN");
            try (TcpClient third = ready()) {
                assertThat(second.end()).isEqualTo("FIN");
                third.handshake(3);
            }
        }
        assertThat(node.evictions()).isEqualTo(2);
        assertThat(node.accepted()).isEqualTo(3);
    }

    @Test
    void a_peers_text_arrives_and_an_eviction_ends_the_stream() throws Exception {
        try (TcpClient client = ready()) {
            node.peers().get(0).says("hello");
            assertThat(client.nextText()).isEqualTo("hello");
            node.evictClient();
            assertThat(client.end()).isEqualTo("FIN");
        }
    }

    @Test
    void a_half_closed_client_still_gets_its_answer() throws Exception {
        try (TcpClient client = connect()) {
            client.writes(TcpClient.wantsConfig(4));
            client.socket.shutdownOutput();
            client.completes(4);
            assertThat(client.end()).isEqualTo("FIN");
        }
    }

    @Test
    void a_half_closed_client_is_served_on_where_its_end_goes_unnoticed() throws Exception {
        starts(SimulatedNode.builder().with(Switch.END_NOTICED, false));
        try (TcpClient client = ready()) {
            client.socket.shutdownOutput();
            node.peers().get(0).says("one");
            assertThat(client.nextText()).isEqualTo("one");
            node.peers().get(0).says("two");
            assertThat(client.nextText()).isEqualTo("two");
            try (TcpClient next = ready()) {
                assertThat(client.end()).isEqualTo("FIN");
                next.handshake(2);
            }
        }
        assertThat(node.evictions()).isZero();
    }

    @Test
    void bytes_behind_a_goodbye_turn_the_end_into_a_reset() throws Exception {
        try (TcpClient client = ready()) {
            client.writes(TcpClient.together(TcpClient.goodbye(), TcpClient.beat()));
            assertThat(client.end()).isEqualTo("RST");
        }
    }

    @Test
    void a_chip_that_always_ends_in_order_does_so_with_bytes_unread() throws Exception {
        starts(SimulatedNode.builder().with(Switch.SESSION_END, SessionEnd.FIN));
        try (TcpClient client = ready()) {
            client.writes(TcpClient.together(TcpClient.goodbye(), new byte[100_000]));
            assertThat(client.end()).isEqualTo("FIN");
        }
    }

    @Test
    void a_node_that_always_resets_does_so_for_a_quiet_client() throws Exception {
        starts(SimulatedNode.builder().with(Switch.SESSION_END, SessionEnd.RST));
        try (TcpClient client = ready();
                TcpClient next = ready()) {
            assertThat(client.end()).isEqualTo("RST");
            next.handshake(2);
        }
    }

    @Test
    void a_newcomer_that_starves_is_connected_and_hears_nothing() throws Exception {
        starts(SimulatedNode.builder().with(Switch.NEWCOMER, Newcomer.STARVES));
        try (TcpClient client = ready();
                TcpClient newcomer = connect()) {
            newcomer.writes(TcpClient.wantsConfig(2));
            while (node.accepted() < 2) {
                client.handshake(3);
            }
            client.handshake(4);
            assertThat(newcomer.socket.getInputStream().available()).isZero();
        }
        assertThat(node.evictions()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void beyond_the_backlog_a_connect_hangs() throws Exception {
        starts(SimulatedNode.builder().with(Switch.BACKLOG, 5).with(Switch.ACCEPT_POLL, Duration.ofHours(1)));
        List<SocketChannel> channels = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < 10; i++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_CONNECT);
                channel.connect(TcpClient.address(node.endpoint()));
            }
            while (selector.select(key -> key.interestOps(0), A_CONNECT_IS_TRIED_AGAIN_AFTER_MILLIS + 200) > 0) {
                // one more is connected
            }
            int connected = 0;
            for (SocketChannel channel : channels) {
                connected += channel.finishConnect() ? 1 : 0;
            }
            assertThat(connected).isEqualTo(6);
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    void of_ten_connects_at_once_each_is_evicted_by_the_next() throws Exception {
        List<SocketChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.configureBlocking(false);
                channel.connect(TcpClient.address(node.endpoint()));
            }
            while (node.evictions() < 9) {
                // ends by the tenth connection, or by the time limit of the test
                Thread.onSpinWait();
            }
            assertThat(node.accepted()).isEqualTo(10);
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    void a_node_that_restarts_in_silence_refuses_and_then_resets_what_comes_from_before() throws Exception {
        starts(SimulatedNode.builder().with(Switch.REBOOT_TIME, Duration.ofMillis(500)));
        try (TcpClient client = ready()) {
            node.reboot();
            client.writes(TcpClient.beat());
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(client.end()).isEqualTo("RST");
            try (TcpClient next = ready()) {
                next.handshake(2);
            }
        }
    }

    @Test
    void a_client_that_speaks_only_after_the_restart_is_reset_then() throws Exception {
        starts(SimulatedNode.builder().with(Switch.REBOOT_TIME, Duration.ofMillis(10)));
        try (TcpClient client = ready()) {
            node.reboot();
            try (TcpClient next = comesBack()) {
                client.writes(TcpClient.beat());
                assertThat(client.end()).isEqualTo("RST");
                next.handshake(2);
            }
        }
    }

    @Test
    void a_node_whose_port_is_taken_while_it_restarts_waits_for_it() throws Exception {
        starts(SimulatedNode.builder().with(Switch.REBOOT_TIME, Duration.ofMillis(100)));
        node.reboot();
        try (ServerSocket squatter = new ServerSocket()) {
            squatter.setReuseAddress(true);
            squatter.bind(TcpClient.address(node.endpoint()));
            while (node.accepted() == 0) {
                node.evictClient(); // which is refused as long as the node is down
            }
        }
        comesBack().close();
    }

    private TcpClient comesBack() throws IOException {
        while (true) {
            try {
                return ready();
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void a_closed_node_ends_its_clients_and_its_port() throws Exception {
        try (TcpClient client = ready()) {
            node.close();
            node.close();
            assertThat(client.end()).isEqualTo("FIN");
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThatThrownBy(node::reboot).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_closed_node_still_knows_what_it_has_seen() throws Exception {
        try (TcpClient client = ready()) {
            node.close();
            assertThat(client.end()).isEqualTo("FIN");
        }
        assertThat(node.accepted()).isEqualTo(1);
        assertThat(node.hasClient()).isFalse();
        assertThat(node.conversation().toString()).contains("A connects", "A ← its state in ");
    }

    @Test
    void a_taken_port_says_what_to_do() {
        int port = TcpClient.address(node.endpoint()).getPort();
        assertThatThrownBy(() -> SimulatedNode.builder().port(port).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Use another port");
    }

    @Test
    void listens_as_soon_as_it_is_up_again() throws Exception {
        starts(SimulatedNode.builder().with(Switch.REBOOT_TIME, Duration.ZERO));
        for (int i = 0; i < 20; i++) {
            node.reboot();
            assertThat(node.await(each -> !Endings.of(each).isOff(), Duration.ofSeconds(10)))
                    .isTrue();
            connect().close();
        }
    }
}
