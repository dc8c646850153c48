package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseInfo;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Subscription;
import dev.meshlease.message.Feed;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Executors that holders bring along, for their lease or for one feed, beside a holder who has none; in real threads. */
class OwnExecutorsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PACKETS = 5_000;
    private static final Feed WHOLE = texts().capacity(PACKETS, Overflow.FAIL_LEASE);

    private final TalkingNode node = new TalkingNode();
    private final LinkRegistry links = LinkRegistry.builder().transport(node).build();
    private final CountDownLatch free = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final Told healthy = new Told();

    @AfterEach
    void end() {
        free.countDown();
        links.close();
    }

    private Lease lease(LeaseOptions options) {
        Lease lease = links.acquire(Endpoint.of("node://here"), options);
        lease.ready().await(PATIENCE);
        return lease;
    }

    private void says(int first, int last) {
        for (int id = first; id <= last; id++) {
            node.says(2, id, "x");
        }
    }

    private void healthyListens() {
        lease(LeaseOptions.of("healthy")).subscribe(WHOLE, healthy);
    }

    private void healthyHasAll() {
        healthy.awaits(PACKETS);
        assertThat(healthy.ids()).isEqualTo(Told.ids(1, PACKETS));
    }

    private static LeaseInfo info(Lease lease) {
        return lease.link().leases().stream()
                .filter(each -> each.holder().equals(lease.holder()))
                .findFirst()
                .orElseThrow();
    }

    private static void hasAll(Told told, Lease lease) {
        told.awaits(PACKETS);
        assertThat(told.ids()).isSorted().doesNotHaveDuplicates();
        assertThat(info(lease).delivered()).isEqualTo(told.ids().size());
        assertThat(info(lease).dropped()).isEqualTo(told.missed());
    }

    /** Blocks whoever gives it work until the test's end, and works in place then. */
    private Executor blocking() {
        return task -> {
            entered.countDown();
            Told.awaitUninterruptibly(free);
            task.run();
        };
    }

    private void awaitEntered() throws Exception {
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_lease_whose_executor_blocks_for_ever_hurts_itself_alone_and_may_wait() throws Exception {
        Lease stuck = links.acquire(
                Endpoint.of("node://here"), LeaseOptions.of("stuck").callbacks(blocking()));
        Told told = new Told();
        Subscription subscription = stuck.subscribe(texts().capacity(10, Overflow.DROP_OLDEST), told);
        healthyListens();
        says(1, 1);
        awaitEntered();
        says(2, PACKETS);

        healthyHasAll();
        assertThat(told.words()).isEmpty();
        assertThat(info(stuck).queued()).isEqualTo(10);
        assertThat(info(stuck).dropped()).isEqualTo(PACKETS - 10);
        stuck.ready().await(PATIENCE);
        stuck.send(OutboundMessage.text("hello").to(new NodeId(2)).wantAck()).await(PATIENCE);
        free.countDown();
        told.awaits(PACKETS);
        assertThat(told.words()).startsWith("INBOX_FULL " + (PACKETS - 10), "" + (PACKETS - 9));
        assertThat(told.ids()).isEqualTo(Told.ids(PACKETS - 9, PACKETS));
        assertThat(subscription.isOpen()).isTrue();
    }

    @Test
    void a_lease_whose_executor_blocks_for_ever_can_be_closed() throws Exception {
        Lease stuck = lease(LeaseOptions.of("stuck").callbacks(blocking()));
        Told told = new Told();
        stuck.subscribe(texts(), told);
        says(1, 1);
        awaitEntered();

        stuck.close();
        links.close();
        free.countDown();

        assertThat(links.links()).isEmpty();
        stuck.closed().future().get(PATIENCE.toSeconds(), TimeUnit.SECONDS); // Behind what was on the lane.
        assertThat(told.words()).isEmpty();
    }

    @Test
    void a_feed_whose_executor_blocks_for_ever_hurts_itself_alone() throws Exception {
        Lease lease = lease(LeaseOptions.of("bot"));
        Told stuck = new Told();
        Told beside = new Told();
        lease.subscribe(texts().capacity(10, Overflow.DROP_OLDEST).on(blocking()), stuck);
        lease.subscribe(WHOLE, beside);
        healthyListens();
        says(1, 1);
        awaitEntered();
        says(2, PACKETS);

        healthyHasAll();
        beside.awaits(PACKETS);
        assertThat(beside.ids()).isEqualTo(Told.ids(1, PACKETS));
        lease.ready().future().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(info(lease).dropped()).isEqualTo(PACKETS - 10);
        free.countDown();
        stuck.awaits(PACKETS);
        assertThat(stuck.ids()).isEqualTo(Told.ids(PACKETS - 9, PACKETS));
    }

    @Test
    void an_executor_that_rejects_now_and_then_loses_what_is_counted_at_its_place() throws Exception {
        for (boolean perFeed : new boolean[] {false, true}) {
            AtomicBoolean works = new AtomicBoolean();
            Executor moody = moody(works, new Random(perFeed ? 1 : 2));
            LeaseOptions options = LeaseOptions.of(perFeed ? "moody feed" : "moody lease");
            Lease lease = lease(perFeed ? options : options.callbacks(moody));
            Told told = new Told();
            Subscription subscription = lease.subscribe(perFeed ? WHOLE.on(moody) : WHOLE, told);
            Told other = new Told();
            lease(LeaseOptions.of("beside the " + lease.holder())).subscribe(WHOLE, other);
            int before = (int) subscription.cursor().position();
            says(before + 1, before + PACKETS - 1);
            other.awaits(PACKETS - 1);
            works.set(true);
            says(before + PACKETS, before + PACKETS);

            told.awaits(PACKETS);
            other.awaits(PACKETS);
            assertThat(other.ids()).isEqualTo(Told.ids(before + 1, before + PACKETS));
            lease.ready().future().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(info(lease).delivered()).isEqualTo(told.ids().size());
            assertThat(info(lease).dropped()).isEqualTo(told.missed()).isPositive();
            assertThat(told.ids()).isSorted().doesNotHaveDuplicates();
            gapsAreAtTheirPlaces(told, before);
        }
    }

    private static Executor moody(AtomicBoolean works, Random random) {
        // Once at the least, since how often it is called is up to the threads.
        AtomicBoolean hasRefused = new AtomicBoolean();
        return task -> {
            if (!works.get() && (hasRefused.compareAndSet(false, true) || random.nextInt(3) == 0)) {
                throw new RejectedExecutionException("as the test wants it");
            }
            task.run();
        };
    }

    private static void gapsAreAtTheirPlaces(Told told, int before) {
        int place = before;
        for (String word : told.words()) {
            if (word.startsWith("INBOX_FULL ")) {
                place += Integer.parseInt(word.substring("INBOX_FULL ".length()));
            } else {
                place++;
                assertThat(word).isEqualTo("" + place);
            }
        }
    }

    @Test
    void futures_of_a_lease_whose_executor_rejects_everything_complete() throws Exception {
        Lease lease = lease(LeaseOptions.of("rejected").callbacks(task -> {
            throw new RejectedExecutionException("as the test wants it");
        }));
        Told told = new Told();
        lease.subscribe(WHOLE, told);
        healthyListens();
        says(1, PACKETS);

        healthyHasAll();
        lease.send(OutboundMessage.text("hello").to(new NodeId(2)).wantAck())
                .future()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(told.words()).isEmpty();
        assertThat(info(lease).dropped()).isEqualTo(PACKETS);
        assertThat(info(lease).delivered() + info(lease).queued()).isZero();
    }

    @Test
    void an_executor_that_works_in_place_never_does_so_on_the_loop() throws Exception {
        Set<Boolean> onLoop = ConcurrentHashMap.newKeySet();
        Told told = new Told() {
            @Override
            protected void isTold() {
                onLoop.add(node.loop.isOwner());
            }
        };
        Lease lease = lease(LeaseOptions.of("in place").callbacks(Runnable::run));
        Subscription subscription = lease.subscribe(WHOLE, told);
        says(1, PACKETS);

        hasAll(told, lease);
        assertThat(subscription.cursor().position()).isEqualTo(PACKETS);
        assertThat(told.missed()).isZero();
        assertThat(onLoop).containsExactly(false);
    }

    @Test
    void a_single_thread_serves_several_leases_and_keeps_the_order_of_each() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            List<Lease> leases = new ArrayList<>();
            List<Told> all = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                Lease lease = lease(LeaseOptions.of("holder " + i).callbacks(single));
                Told told = new Told();
                lease.subscribe(WHOLE, told);
                leases.add(lease);
                all.add(told);
            }
            healthyListens();
            says(1, PACKETS);

            healthyHasAll();
            for (int i = 0; i < 5; i++) {
                hasAll(all.get(i), leases.get(i));
                assertThat(all.get(i).missed()).isZero();
            }
        } finally {
            single.shutdownNow();
        }
    }

    @Test
    void a_listener_that_blocks_a_shared_thread_leaves_those_who_do_not_share_it_undisturbed() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            Lease first = lease(LeaseOptions.of("first").callbacks(single));
            first.subscribe(texts(), packet -> {
                entered.countDown();
                Told.awaitUninterruptibly(free);
            });
            Lease second = lease(LeaseOptions.of("second").callbacks(single));
            Told told = new Told();
            second.subscribe(texts().capacity(10, Overflow.DROP_OLDEST), told);
            healthyListens();
            says(1, 1);
            awaitEntered();
            says(2, PACKETS);

            healthyHasAll();
            free.countDown();
            told.awaits(PACKETS);
            assertThat(told.ids()).endsWith(PACKETS);
        } finally {
            single.shutdownNow();
        }
    }
}
