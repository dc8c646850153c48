package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.message.PacketFilter.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.Delivery;
import dev.meshlease.DeliveryStage;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkRegistryBuilder;
import dev.meshlease.LinkState;
import dev.meshlease.OwnedLink;
import dev.meshlease.Watch;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Request;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.PortNum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in the way, whatever is closed, from wherever: it takes no longer than it says, and nothing is left. */
class BoundedCloseTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What is closed. */
    enum What {
        LEASE,
        LINK,
        REGISTRY
    }

    /** Who closes it. */
    enum From {
        TEST,
        INTERRUPTED,
        LISTENER,
        INLINE,
        FUTURE,
        WATCH,
        SUBSCRIBER,
        CONDITION,
        INLINE_CONDITION,
        DECODER
    }

    private final VirtualEnvironment virtual = VirtualEnvironment.create();
    private final WatchedLoops environment = new WatchedLoops(virtual);
    private final SimulatedNode node = SimulatedNode.builder().nodes(1).start(virtual);
    private final List<Duration> took = new ArrayList<>();
    private LinkRegistry links;

    @AfterEach
    void end() {
        links.close(); // In vain, unless the test has failed before.
    }

    static Stream<Arguments> all() {
        return Stream.of(Obstacle.values())
                .flatMap(obstacle -> Stream.of(What.values())
                        .flatMap(what -> Stream.of(From.values())
                                .filter(from -> isPossible(obstacle, from))
                                .map(from -> Arguments.of(obstacle, what, from))));
    }

    /** Most who could close hear of packets, on an executor that works. */
    private static boolean isPossible(Obstacle obstacle, From from) {
        return switch (from) {
            case TEST, INTERRUPTED -> true;
            case WATCH -> !obstacle.isOfTheExecutor();
            case INLINE, INLINE_CONDITION, CONDITION -> obstacle.letsPacketsThrough();
            case LISTENER, FUTURE, SUBSCRIBER, DECODER -> obstacle.letsPacketsThrough() && !obstacle.isOfTheExecutor();
        };
    }

    @ParameterizedTest
    @MethodSource("all")
    void takes_no_longer_than_it_says_and_leaves_nothing(Obstacle obstacle, What what, From from) {
        ObstructedTransport transport = new ObstructedTransport(virtual, obstacle);
        links = registry(obstacle, transport);
        OwnedLink link = links.open(node.endpoint(), LinkOptions.builder().build());
        Lease lease = link.acquire("bot");
        if (obstacle.letsPacketsThrough()) {
            lease.ready().await(PATIENCE);
        } else {
            virtual.advance(Duration.ofSeconds(2));
        }

        AutoCloseable closed = switch (what) {
            case LEASE -> lease;
            case LINK -> link;
            case REGISTRY -> links;
        };
        List<Delivery> deliveries = new ArrayList<>();
        closes(from, lease, () -> {
            transport.arm();
            deliveries.add(lease.send(text("hello")));
            timed(closed);
        });
        virtual.advance(LIMIT);

        Duration limit = what == What.LEASE || from == From.INTERRUPTED ? Duration.ZERO : LIMIT;
        assertThat(took).hasSize(1).allSatisfy(span -> assertThat(span).isLessThanOrEqualTo(limit));
        assertThat(lease.closed().isDone()).isTrue();
        timed(closed);
        assertThat(took.get(1)).as("the second time").isLessThanOrEqualTo(limit.plus(LIMIT));
        if (what == What.LINK && obstacle != Obstacle.NEVER_CLOSES) {
            assertThat(link.status().state()).isEqualTo(LinkState.CLOSED);
            try (OwnedLink heir =
                    links.open(node.endpoint(), LinkOptions.builder().build())) {
                assertThat(heir.leases()).isEmpty();
            }
        }
        links.close();
        virtual.advance(LIMIT);
        assertThat(environment.haveEnded()).as("the loop has ended").isTrue();
        assertThat(link.status().state()).isEqualTo(LinkState.CLOSED);
        assertThat(links.links()).isEmpty();
        assertThat(deliveries)
                .allSatisfy(
                        each -> assertThat(each.reached(DeliveryStage.ACCEPTED).isDone())
                                .as("the delivery has ended: %s", each.steps())
                                .isTrue());
        theNodeIsFree();
    }

    private void theNodeIsFree() {
        try (LinkRegistry next = virtual.registry()) {
            next.acquire(node.endpoint(), "heir");
        }
    }

    private LinkRegistry registry(Obstacle obstacle, ObstructedTransport transport) {
        LinkRegistryBuilder builder =
                LinkRegistry.builder().environment(environment).transport(transport);
        if (obstacle.isOfTheStore()) {
            builder.claims(new ObstructedClaims(obstacle));
        }
        if (obstacle == Obstacle.EXECUTOR_RUNS_NOTHING) {
            builder.callbacks(task -> {});
        } else if (obstacle == Obstacle.EXECUTOR_REJECTS) {
            builder.callbacks(task -> {
                throw new RejectedExecutionException("no room");
            });
        }
        return builder.build();
    }

    private void timed(AutoCloseable closed) {
        long before = virtual.time().nanoTime();
        try {
            closed.close();
        } catch (Exception failure) {
            throw new AssertionError("Closing does not fail", failure);
        }
        took.add(Duration.ofNanos(virtual.time().nanoTime() - before));
    }

    private void closes(From from, Lease lease, Runnable close) {
        Runnable once = () -> {
            if (took.isEmpty()) {
                close.run();
            }
        };
        switch (from) {
            case TEST -> once.run();
            case INTERRUPTED -> {
                Thread.currentThread().interrupt();
                once.run();
                assertThat(Thread.interrupted()).isTrue();
            }
            case LISTENER -> lease.subscribe(texts(), packet -> once.run());
            case INLINE -> lease.subscribe(texts().inline(), packet -> once.run());
            case FUTURE -> {
                var unused = lease.ready().future().thenRun(once);
            }
            case WATCH -> lease.watch(Watch.status(), status -> once.run());
            case SUBSCRIBER -> lease.publisher(texts()).subscribe(new Closer(once));
            case CONDITION -> takes(lease, once);
            case INLINE_CONDITION ->
                lease.subscribe(texts().and(where(packet -> runs(once))).inline(), packet -> {});
            case DECODER -> {
                var unused = lease.request(
                                Request.of(node.id(), PortNum.ADMIN_APP_VALUE, metadata(), payload -> runs(once)))
                        .future();
            }
        }
        if (from != From.TEST && from != From.INTERRUPTED && from != From.DECODER) {
            node.peers().get(0).says("hello");
        }
        virtual.advance(Duration.ofSeconds(1));
    }

    private static boolean runs(Runnable task) {
        task.run();
        return true;
    }

    private void takes(Lease lease, Runnable close) {
        Inbox inbox = lease.inbox(texts().and(where(packet -> runs(close))));
        node.peers().get(0).says("hello");
        virtual.advance(Duration.ofSeconds(1));
        inbox.poll();
    }

    private static ByteString metadata() {
        return AdminMessage.newBuilder()
                .setGetDeviceMetadataRequest(true)
                .build()
                .toByteString();
    }

    /** Closes at the first thing it is told. */
    private record Closer(Runnable close) implements Flow.Subscriber<Arrival> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Arrival arrival) {
            close.run();
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
