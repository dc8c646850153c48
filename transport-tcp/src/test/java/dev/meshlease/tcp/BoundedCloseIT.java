package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.Endpoint;
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
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.fault.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing over real sockets, to nodes that do not help. */
class BoundedCloseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** For a machine that is busy. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    /** More than the kernel keeps for one connection. */
    private static final int MANY = 200_000;

    /** What is closed. */
    enum What {
        LEASE,
        LINK,
        REGISTRY
    }

    private final TcpWorld world = new TcpWorld();
    private final Set<Thread> before = loops();
    private final LinkRegistry links = LinkRegistry.create();

    @AfterEach
    void end() {
        links.close();
    }

    private static Set<Thread> loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("meshlease-loop-"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void closes(What what, OwnedLink link, Lease lease) {
        AutoCloseable closed = switch (what) {
            case LEASE -> lease;
            case LINK -> link;
            case REGISTRY -> links;
        };
        for (int time = 0; time < 2; time++) {
            long start = System.nanoTime();
            try {
                closed.close();
            } catch (Exception failure) {
                throw new AssertionError("Closing does not fail", failure);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT.plus(MARGIN));
        }
        assertThat(lease.closed().isDone()).isTrue();
        if (what == What.LINK) {
            assertThat(link.status().state()).isEqualTo(LinkState.CLOSED);
        }
        links.close();
        assertThat(links.links()).isEmpty();
        world.eventually("the loop has ended", () -> {
            Set<Thread> added = loops();
            added.removeAll(before);
            return added.isEmpty();
        });
    }

    private OwnedLink open(Endpoint node) {
        return links.open(node, LinkOptions.builder().build());
    }

    private static Endpoint at(ServerSocket server) {
        return Endpoint.of("tcp://127.0.0.1:" + server.getLocalPort());
    }

    @ParameterizedTest
    @EnumSource(What.class)
    void a_node_that_reads_nothing_until_all_buffers_are_full(What what) {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            OwnedLink link = open(node.endpoint());
            Lease lease = link.acquire("bot");
            lease.ready().await(PATIENCE);
            RawExchange proxy = lease.exclusively(Exclusive.mqttProxy()).await(PATIENCE);
            var unused = node.inject(Fault.stallReading());

            assertThat(writesUntilNothingIsTaken(proxy)).isLessThan(MANY);

            closes(what, link, lease);
            theNodeCanBeHad(node.endpoint());
        }
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
    void a_node_that_never_accepts_nor_closes(What what) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            OwnedLink link = open(at(server));
            Lease lease = link.acquire("bot");
            world.eventually("it is connected", () -> link.status().state() == LinkState.HANDSHAKING);

            closes(what, link, lease);
            theNodeCanBeHad(at(server));
        }
    }

    @ParameterizedTest
    @EnumSource(What.class)
    void a_host_that_does_not_answer(What what) throws IOException {
        List<Socket> fillers = new ArrayList<>();
        // Linux drops a connection request when the listener's queue is full, as a host that is switched off would.
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 2; i++) {
                fillers.add(new Socket(InetAddress.getLoopbackAddress(), mute.getLocalPort()));
            }
            OwnedLink link = open(at(mute));
            Lease lease = link.acquire("bot");
            world.eventually("it connects", () -> link.status().state() == LinkState.CONNECTING);

            closes(what, link, lease);
            theNodeCanBeHad(at(mute));
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    private static void theNodeCanBeHad(Endpoint node) {
        try (LinkRegistry next = LinkRegistry.create()) {
            next.acquire(node, "heir");
        }
    }

    @Test
    void a_link_that_is_closed_while_it_connects_is_never_mute() {
        try (SimulatedNode node = SimulatedNode.builder().start()) {
            for (int i = 0; i < 50; i++) {
                try (LinkRegistry hasty = LinkRegistry.create()) {
                    hasty.acquire(node.endpoint(), "hasty");
                }
            }
            assertThat(links.acquire(node.endpoint(), "bot")
                            .ready()
                            .await(PATIENCE)
                            .id())
                    .isEqualTo(node.id());
            assertThat(node.accepted()).isPositive();
            assertThat(node.muteConnections()).isZero();
        }
    }
}
