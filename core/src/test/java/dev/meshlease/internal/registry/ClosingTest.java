package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;
import static dev.meshlease.message.PacketFilter.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.OwnedLink;
import dev.meshlease.Watch;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing, with the real loop and real threads; what needs none is in the testkit's BoundedCloseTest. */
@Timeout(60)
class ClosingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TalkingNode node = new TalkingNode();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void end() {
        release.countDown();
        others.shutdownNow();
    }

    private static LinkRegistry registry(TalkingNode node) {
        return LinkRegistry.builder().transport(node).build();
    }

    private Lease ready(LinkRegistry links) {
        Lease lease = links.acquire("node://here", "bot");
        lease.ready().await(PATIENCE);
        return lease;
    }

    private Thread loop() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        node.loop.execute(() -> thread.complete(Thread.currentThread()));
        return thread.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void ends(Thread thread) throws InterruptedException {
        thread.join(PATIENCE.toMillis());
        assertThat(thread.isAlive()).as("%s is alive", thread.getName()).isFalse();
    }

    private static void theNodeIsFree() {
        try (LinkRegistry next = registry(new TalkingNode())) {
            next.acquire("node://here", "heir").ready().await(PATIENCE);
        }
    }

    @Test
    void an_inline_listener_that_closes_the_registry_ends_the_loop_it_runs_on() throws Exception {
        LinkRegistry links = registry(node);
        Lease lease = ready(links);
        Thread loop = loop();
        CountDownLatch returned = new CountDownLatch(1);
        lease.subscribe(texts().inline(), packet -> {
            links.close();
            links.close();
            returned.countDown();
        });

        node.says("hello");

        assertThat(returned.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        ends(loop);
        assertThatThrownBy(() -> lease.closed().await(PATIENCE)).isInstanceOf(LeaseClosedException.class);
        theNodeIsFree();
    }

    @Test
    void an_inline_listener_that_closes_its_link_at_a_gap_ends_the_link_once() throws Exception {
        try (LinkRegistry links = registry(node)) {
            OwnedLink link = links.open("node://here", LinkOptions.builder().build());
            Lease lease = link.acquire("bot");
            lease.ready().await(PATIENCE);
            List<String> states = new ArrayList<>();
            CompletableFuture<Void> closed = new CompletableFuture<>();
            lease.watch(Watch.status(), status -> {
                states.add(status.state().name());
                if (status.state() == LinkState.CLOSED) {
                    closed.complete(null);
                }
            });
            lease.subscribe(texts().inline(), new PacketListener() {
                @Override
                public void onPacket(InboundPacket packet) {}

                @Override
                public void onGap(Gap gap) {
                    link.close();
                }
            });

            node.close();

            closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(states).containsOnlyOnce("CLOSED");
            assertThat(link.leases()).isEmpty();
        }
    }

    @Test
    void an_inline_listener_that_never_returns_holds_up_no_one_who_closes_and_the_loop_ends_once_it_does()
            throws Exception {
        LinkRegistry links = registry(node);
        Lease lease = ready(links);
        Thread loop = loop();
        CountDownLatch blocked = new CountDownLatch(1);
        lease.subscribe(texts().inline(), packet -> {
            blocked.countDown();
            Told.awaitUninterruptibly(release);
        });
        node.says("hello");
        assertThat(blocked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        lease.close();
        links.close();

        assertThat(lease.closed().isDone()).isTrue();
        assertThat(loop.isAlive()).isTrue();
        release.countDown();
        ends(loop);
        theNodeIsFree();
    }

    /** Code of the user's that never returns. */
    enum Stuck {
        LISTENER,
        CONDITION,
        SUBSCRIBER,
        FUTURE,
        WATCH,
        EXECUTOR
    }

    @ParameterizedTest
    @EnumSource(Stuck.class)
    void code_that_never_returns_holds_up_nothing_but_itself(Stuck what) throws Exception {
        LinkRegistry links = registry(node);
        Lease lease = ready(links);
        Thread loop = loop();
        CountDownLatch stuck = new CountDownLatch(1);
        Runnable sticks = () -> {
            stuck.countDown();
            Told.awaitUninterruptibly(release);
        };
        switch (what) {
            case LISTENER -> lease.subscribe(texts(), packet -> sticks.run());
            case CONDITION -> lease.subscribe(texts().and(where(packet -> sticks(sticks))), packet -> {});
            case SUBSCRIBER -> lease.publisher(texts()).subscribe(new Sticking(sticks));
            case FUTURE -> {
                var unused = lease.closed().future().thenRun(sticks); // Not done yet, so on the lease's callbacks.
            }
            case WATCH -> lease.watch(Watch.status(), status -> sticks.run());
            case EXECUTOR -> lease.subscribe(texts().on(task -> sticks.run()), packet -> {});
        }
        node.says("hello");
        if (what == Stuck.FUTURE) {
            lease.close();
        }
        assertThat(stuck.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        lease.close();
        links.close();

        assertThat(links.links()).isEmpty();
        ends(loop);
        theNodeIsFree();
    }

    private static boolean sticks(Runnable stuck) {
        stuck.run();
        return true;
    }

    private record Sticking(Runnable sticks) implements Flow.Subscriber<Arrival> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Arrival arrival) {
            sticks.run();
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    @Test
    void many_may_close_at_once_and_whoever_returns_finds_it_closed() throws Exception {
        for (int round = 0; round < 50; round++) {
            LinkRegistry links = registry(node);
            ready(links);
            Thread loop = loop();
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closers.add(others.submit(() -> {
                    start.await();
                    links.close();
                    return links.links().size();
                }));
            }
            start.countDown();
            for (Future<Integer> closer : closers) {
                assertThat(closer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
            }
            ends(loop);
        }
        theNodeIsFree();
    }

    @Test
    void whoever_waits_is_told_that_the_registry_is_closed() throws Exception {
        Unknown unknown = new Unknown(new CountDownLatch(3));
        LinkRegistry links = LinkRegistry.builder()
                .transport(node)
                .transport(unknown)
                .defaults(LinkOptions.builder()
                        .settleTimeout(Duration.ofMinutes(1))
                        .build())
                .build();
        Lease lease = ready(links);
        List<Callable<Object>> waits = List.of(
                () -> links.acquire("unknown://1", "waits"),
                () -> links.open("unknown://2", links.defaults()),
                () -> links.find(Endpoint.of("unknown://3")),
                () -> lease.inbox(texts()).take(Duration.ofMinutes(1)));
        List<Future<Object>> waiting = new ArrayList<>();
        waits.forEach(wait -> waiting.add(others.submit(wait)));
        assertThat(unknown.asked().await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        links.close();

        for (Future<Object> wait : waiting) {
            assertThatThrownBy(() -> wait.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(LeaseClosedException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void a_port_whose_close_blocks_a_thread_of_its_own_does_not_keep_the_registry() throws Exception {
        node.ending = () -> others.execute(() -> Told.awaitUninterruptibly(release));
        LinkRegistry links = registry(node);
        ready(links);
        Thread loop = loop();

        links.close();

        assertThat(links.links()).isEmpty();
        ends(loop);
        theNodeIsFree();
    }

    /** Its addresses are never found. */
    private record Unknown(CountDownLatch asked) implements Transport {
        @Override
        public String scheme() {
            return "unknown";
        }

        @Override
        public String check(String address) {
            return address;
        }

        @Override
        public CompletionStage<Target> locate(String address, Environment environment) {
            asked.countDown();
            return new CompletableFuture<>();
        }
    }
}
