package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.Exclusive;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.NotReadyException;
import dev.meshlease.OwnedLink;
import dev.meshlease.RawExchange;
import dev.meshlease.proto.MqttClientProxyMessage;
import dev.meshlease.proto.ToRadio;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing a port whose other side does not help. */
@Timeout(60)
class PortCloseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** More than all buffers on the way take. */
    private static final int MANY = 10_000;

    /** What is closed. */
    enum What {
        LEASE,
        LINK,
        REGISTRY
    }

    @TempDir
    private Path folder;

    private final LinkRegistry links = LinkRegistry.create();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean stalls;

    @AfterEach
    void end() {
        over.countDown();
        links.close();
    }

    private void closes(What what, OwnedLink link, Lease lease) throws Exception {
        AutoCloseable closed = switch (what) {
            case LEASE -> lease;
            case LINK -> link;
            case REGISTRY -> links;
        };
        long start = System.nanoTime();
        closed.close();
        links.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
        assertThat(lease.closed().isDone()).isTrue();
        assertThat(links.links()).isEmpty();
        Eventually.holds(
                "the port's threads have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("meshlease-serial-pts")));
    }

    @ParameterizedTest
    @EnumSource(What.class)
    void a_node_that_takes_nothing_until_all_buffers_are_full(What what) throws Exception {
        try (CabledNode board = CabledNode.plugIn(folder.resolve("port"), this::stalling, out -> out)) {
            OwnedLink link = links.open(board.endpoint(), LinkOptions.builder().build());
            Lease lease = link.acquire("bot");
            lease.ready().await(PATIENCE);
            RawExchange proxy = lease.exclusively(Exclusive.mqttProxy()).await(PATIENCE);
            stalls = true;
            assertThat(writesUntilNothingIsTaken(proxy)).isLessThan(MANY);

            closes(what, link, lease);
            over.countDown();
            theNodeCanBeHad(board);
        }
    }

    private InputStream stalling(InputStream fromClient) {
        return new FilterInputStream(fromClient) {
            @Override
            public int read(byte[] into) throws IOException {
                if (stalls) {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                return in.read(into);
            }
        };
    }

    private static int writesUntilNothingIsTaken(RawExchange proxy) {
        ToRadio message = ToRadio.newBuilder()
                .setMqttClientProxyMessage(
                        MqttClientProxyMessage.newBuilder().setTopic("t").setData(ByteString.copyFrom(new byte[400])))
                .build();
        for (int written = 0; written < MANY; written++) {
            try {
                proxy.send(message).await(PATIENCE);
            } catch (NotReadyException full) {
                return written;
            }
        }
        return MANY;
    }

    @ParameterizedTest
    @EnumSource(What.class)
    void a_device_that_says_nothing(What what) throws Exception {
        try (Pty pty = Pty.plugIn(folder.resolve("port"))) {
            OwnedLink link =
                    links.open("serial:" + pty.address(), LinkOptions.builder().build());
            Lease lease = link.acquire("bot");
            Eventually.holds("it asks", () -> link.status().state() == LinkState.HANDSHAKING);

            closes(what, link, lease);
        }
    }

    private static void theNodeCanBeHad(CabledNode board) {
        try (LinkRegistry next = CabledNode.registry().build()) {
            next.acquire(board.endpoint(), "heir").ready().await(PATIENCE);
        }
    }
}
