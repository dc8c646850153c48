package dev.meshlease.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.testkit.contract.LinkRecorder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpLinkIT {
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Loop loop = Environment.system().newLoop("meshlease-tcp-test");
    private final LinkRecorder events = new LinkRecorder(loop);
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, HOST);
        server.setSoTimeout(20_000);
    }

    @AfterEach
    void end() throws IOException {
        loop.close();
        server.close();
    }

    @Test
    void connects_carries_bytes_both_ways_and_closes_in_order() throws Exception {
        try (Socket peer = connect()) {
            assertThat(write("to the node")).isEqualTo(11);
            assertThat(new String(peer.getInputStream().readNBytes(11), UTF_8)).isEqualTo("to the node");
            peer.getOutputStream().write("from the node".getBytes(UTF_8));
            events.await(() -> events.bytes().length == 13);
            write("last words");
            call(ByteLink::close);
            call(ByteLink::close);
            assertThat(new String(peer.getInputStream().readAllBytes(), UTF_8)).isEqualTo("last words");
            peer.close();
            assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
            call(ByteLink::abort);
        }
        assertClosedOnce("opened", "closed");
        assertThat(new String(events.bytes(), UTF_8)).isEqualTo("from the node");
    }

    @Test
    void closing_takes_no_more_than_the_linger_time_when_the_other_side_stays() throws Exception {
        try (Socket peer = connect()) {
            call(ByteLink::close);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        }
        assertClosedOnce("opened", "closed");
    }

    /** A plain close would answer what still arrives with a reset, and on some nodes the reset takes our last words with it. */
    @Test
    void after_closing_the_other_side_may_finish_and_is_heard() throws Exception {
        try (Socket peer = connect()) {
            write("last words");
            call(ByteLink::close);
            assertThat(new String(peer.getInputStream().readAllBytes(), UTF_8)).isEqualTo("last words");
            peer.getOutputStream().write("farewell".getBytes(UTF_8));
        }
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(new String(events.bytes(), UTF_8)).isEqualTo("farewell");
        assertClosedOnce("opened", "closed");
    }

    @Test
    void the_socket_sends_at_once_and_notices_dead_peers() throws Exception {
        try (Socket peer = connect()) {
            TcpLink link = (TcpLink) events.link();
            assertThat(link.channel().getOption(StandardSocketOptions.TCP_NODELAY))
                    .isTrue();
            assertThat(link.channel().getOption(StandardSocketOptions.SO_KEEPALIVE))
                    .isTrue();
            assertThat(peer.isConnected()).isTrue();
        }
    }

    @Test
    void tells_that_nobody_listens() throws Exception {
        server.close();
        start(target(HOST));
        Loss loss = events.awaitClosed();
        assertThat(loss.kind()).isEqualTo(Loss.Kind.REFUSED);
        assertThat(loss.detail()).contains("localhost:" + server.getLocalPort()).containsIgnoringCase("refused");
        assertClosedOnce("closed");
    }

    @Test
    void tries_the_next_address_within_the_same_attempt() throws Exception {
        start(target(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.3"), HOST));
        try (Socket peer = server.accept()) {
            events.awaitOpened();
            write("x");
            assertThat(peer.getInputStream().read()).isEqualTo('x');
        }
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.END_OF_STREAM);
        assertClosedOnce("opened", "closed");
    }

    @Test
    void tells_of_every_address_when_none_answers() throws Exception {
        server.close();
        start(target(InetAddress.getByName("127.0.0.2"), HOST));
        Loss loss = events.awaitClosed();
        assertThat(loss.kind()).isEqualTo(Loss.Kind.REFUSED);
        assertThat(loss.detail()).contains("127.0.0.2:", "; localhost:");
    }

    @Test
    void tells_a_close_in_order_after_the_last_byte() throws Exception {
        try (Socket peer = connect()) {
            peer.getOutputStream().write(new byte[300_000]);
        }
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.END_OF_STREAM);
        assertThat(events.bytes()).hasSize(300_000);
        assertClosedOnce("opened", "closed");
    }

    @Test
    void tells_half_a_close_as_a_close_in_order() throws Exception {
        try (Socket peer = connect()) {
            peer.getOutputStream().write(7);
            peer.shutdownOutput();
            assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.END_OF_STREAM);
            assertThat(events.bytes()).containsExactly(7);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void tells_a_reset() throws Exception {
        Socket peer = connect();
        peer.setSoLinger(true, 0);
        peer.close();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.RESET);
        assertThat(events.loss().error()).isNotNull();
        assertClosedOnce("opened", "closed");
    }

    @Test
    void after_a_failed_write_what_was_sent_before_is_still_reported() throws Exception {
        Socket peer = connect();
        byte[] sent = pattern(60_000); // what fits into the kernel's buffers
        var failed = on(() -> {
            // While the loop is held up here, the peer sends, does not read what it gets, and goes.
            peer.getOutputStream().write(sent);
            int unused = events.link().write(ByteBuffer.allocate(10));
            peer.setSoLinger(true, 0);
            peer.close();
            for (int i = 0; i < 1000; i++) {
                if (events.link().write(ByteBuffer.allocate(10)) == 0) {
                    return true;
                }
            }
            return false;
        });
        assertThat(failed).isTrue();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.RESET);
        assertThat(events.bytes()).isEqualTo(sent);
        assertClosedOnce("opened", "closed");
    }

    @Test
    void tells_when_there_is_room_again_after_a_write_not_taken_whole() throws Exception {
        byte[] sent = pattern(32 * 1024 * 1024);
        var rest = ByteBuffer.wrap(sent);
        var writer = new LinkRecorder(loop) {
            @Override
            public void writable() {
                super.writable();
                int unused = link().write(rest);
            }
        };
        start(target(HOST), writer);
        try (Socket peer = server.accept()) {
            writer.awaitOpened();
            int first = on(() -> writer.link().write(rest));
            assertThat(first).isPositive().isLessThan(sent.length);
            assertThat(rest.position()).isEqualTo(first);
            assertThat(peer.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            assertThat(writer.events()).contains("writable");
            assertThat(on(rest::hasRemaining)).isFalse();
        }
        writer.awaitClosed();
    }

    @Test
    void a_write_before_the_connection_is_open_takes_nothing_and_is_told_when_there_is_room() throws Exception {
        on(() -> {
            open(target(HOST), events);
            assertThat(events.link().write(ByteBuffer.allocate(5))).isZero();
            return null;
        });
        try (Socket peer = server.accept()) {
            events.await(() -> events.events().equals(List.of("opened", "writable")));
            assertThat(write("x")).isEqualTo(1);
            assertThat(peer.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void aborting_resets_the_connection() throws Exception {
        try (Socket peer = connect()) {
            call(ByteLink::abort);
            call(ByteLink::abort);
            assertThatThrownBy(() -> peer.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(write("too late")).isZero();
        assertClosedOnce("opened", "closed");
    }

    /** Or a registry could connect anew while the node still sees the old connection. */
    @Test
    void the_socket_is_gone_before_the_end_is_told() throws Exception {
        var seen = new AtomicReference<Boolean>();
        var peers = new ArrayList<Socket>();
        var watcher = new LinkRecorder(loop) {
            @Override
            public void closed(Loss why) {
                try {
                    peers.get(0).setSoTimeout(10_000);
                    seen.set(peers.get(0).getInputStream().read() == -1);
                } catch (SocketException e) {
                    seen.set(e.getMessage().contains("reset"));
                } catch (IOException e) {
                    seen.set(false);
                }
                super.closed(why);
            }
        };
        start(target(HOST), watcher);
        try (Socket peer = server.accept()) {
            peers.add(peer);
            watcher.awaitOpened();
            loop.execute(watcher.link()::abort);
            watcher.awaitClosed();
            assertThat(seen.get()).isTrue();
        }
    }

    @Test
    void closing_or_aborting_before_the_connection_is_open_ends_the_attempt() throws Exception {
        var aborted = new LinkRecorder(loop);
        on(() -> {
            open(target(HOST), events);
            events.calls(events.link()::close);
            open(target(HOST), aborted);
            aborted.link().abort();
            return null;
        });
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(aborted.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertClosedOnce("closed");
        assertThat(aborted.events()).containsExactly("closed");
    }

    @Test
    void a_listener_may_abort_from_inside_any_event() throws Exception {
        var aborting = new LinkRecorder(loop) {
            @Override
            public void received(ByteBuffer arrived) {
                super.received(arrived);
                link().abort();
            }
        };
        start(target(HOST), aborting);
        try (Socket peer = server.accept()) {
            aborting.awaitOpened();
            peer.getOutputStream().write(new byte[500_000]);
        } catch (SocketException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|pipe).*");
        }
        aborting.awaitClosed();
        assertThat(aborting.events()).containsExactly("opened", "closed");
        assertThat(aborting.bytes()).hasSizeLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void gives_up_on_a_host_that_does_not_answer_and_tries_the_next() throws Exception {
        var fillers = new ArrayList<Socket>();
        // Linux drops a connection request when the listener's queue is full, as a host that is switched off would.
        try (var mute = new ServerSocket(0, 1, HOST)) {
            for (int i = 0; i < 2; i++) {
                fillers.add(new Socket(HOST, mute.getLocalPort()));
            }
            var silent = new InetSocketAddress(HOST, mute.getLocalPort());
            start(new TcpTarget(List.of(silent), Duration.ofMillis(50)));
            Loss loss = events.awaitClosed();
            assertThat(loss.kind()).isEqualTo(Loss.Kind.TIMED_OUT);
            assertThat(loss.detail()).contains("50 ms");
            assertClosedOnce("closed");

            var second = new LinkRecorder(loop);
            var answering = new InetSocketAddress(HOST, server.getLocalPort());
            start(new TcpTarget(List.of(silent, answering), Duration.ofMillis(50)), second);
            try (Socket peer = server.accept()) {
                assertThat(peer.isConnected()).isTrue();
                second.awaitOpened();
            }
            second.awaitClosed();
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void a_permit_is_good_for_one_connection() throws Exception {
        Target target = target(HOST);
        Permit permit = Permit.issue(Issuer.TESTKIT, target.keys());
        on(() -> target.connect(permit, loop, events));
        assertThatThrownBy(() -> on(() -> target.connect(permit, loop, new LinkRecorder(loop))))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("used before");
        try (Socket peer = server.accept()) {
            events.awaitOpened();
            assertThat(peer.isConnected()).isTrue();
        }
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.END_OF_STREAM);
        server.setSoTimeout(1);
        assertThatThrownBy(() -> server.accept()).isInstanceOf(SocketTimeoutException.class);
    }

    private Socket connect() throws Exception {
        start(target(HOST));
        Socket peer = server.accept();
        peer.setSoTimeout((int) PATIENCE.toMillis());
        events.awaitOpened();
        return peer;
    }

    private Target target(InetAddress... hosts) {
        return new TcpTarget(
                Arrays.stream(hosts)
                        .map(host -> new InetSocketAddress(host, server.getLocalPort()))
                        .toList(),
                PATIENCE);
    }

    private void start(Target target) throws Exception {
        start(target, events);
    }

    private void start(Target target, LinkRecorder recorder) throws Exception {
        on(() -> {
            open(target, recorder);
            return null;
        });
    }

    private void open(Target target, LinkRecorder recorder) {
        recorder.connects(() -> target.connect(Permit.issue(Issuer.TESTKIT, target.keys()), loop, recorder));
    }

    private int write(String text) throws Exception {
        return on(() -> events.link().write(ByteBuffer.wrap(text.getBytes(UTF_8))));
    }

    private void call(Consumer<ByteLink> method) throws Exception {
        on(() -> {
            events.calls(() -> method.accept(events.link()));
            return null;
        });
    }

    private void assertClosedOnce(String... expected) throws Exception {
        on(() -> null);
        on(() -> null);
        assertThat(events.events()).containsExactly(expected);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    private <T> T on(Callable<T> work) throws Exception {
        var result = new CompletableFuture<T>();
        loop.execute(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, SECONDS);
    }
}
