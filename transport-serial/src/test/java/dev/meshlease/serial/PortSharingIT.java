package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.OwnedLink;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.testkit.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that open, acquire, wait and close through two registries, which are closed and replaced under their hands, in two spellings of one
 * port. Both the transport counts, for which a connection begins with the attempt to open the port, and the node.
 */
@Timeout(60)
class PortSharingIT {
    private static final Logger LOG = LoggerFactory.getLogger(PortSharingIT.class);

    private static final int THREADS = 8;
    private static final int ROUNDS = 1_000;
    private static final int TURNS_TOGETHER = 3;
    private static final long SEED = Long.getLong("meshlease.testkit.seed", 6);

    private final PtyWorld world = new PtyWorld();
    private final SimulatedNode node = world.start(SimulatedNode.builder().nodes(1));
    private final List<Endpoint> spellings = List.of(world.endpoint(node), world.respelled(node));

    private final CountedTransport transport = CountedTransport.hasty();
    private final List<AtomicReference<LinkRegistry>> registries =
            List.of(new AtomicReference<>(registry()), new AtomicReference<>(registry()));
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger acquired = new AtomicInteger();
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @AfterEach
    void end() {
        threads.shutdownNow();
        registries.forEach(each -> each.get().close());
        node.close();
        world.close();
    }

    private LinkRegistry registry() {
        ReconnectPolicy quick =
                new ReconnectPolicy(Duration.ofMillis(20), Duration.ofMillis(50), 0, Duration.ofSeconds(30));
        return LinkRegistry.builder()
                .transport(transport)
                .defaults(LinkOptions.builder()
                        .linger(Duration.ZERO)
                        .reconnect(quick)
                        .build())
                .build();
    }

    @Test
    void the_port_is_never_open_twice_nor_tried_twice_at_once() throws Exception {
        // Now and then all let go and start again together: else some lease would always be there.
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(SEED + i);
            all.add(threads.submit(() -> {
                for (int turn = 0; turn < ROUNDS / THREADS; turn++) {
                    if (turn % TURNS_TOGETHER == 0) {
                        together.await(30, TimeUnit.SECONDS);
                    }
                    round(random);
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(50, TimeUnit.SECONDS);
        }
        registries.forEach(each -> each.get().close());

        LOG.info(
                "seed {}: {} rounds, {} opened, {} acquired, {} ready, {} refused; {} attempts, {} connections; at once at"
                        + " most {} attempts; {} evictions, {} overlaps",
                SEED,
                rounds,
                opened,
                acquired,
                ready,
                refused,
                transport.attempts(),
                node.accepted(),
                transport.mostAtOnce(),
                node.evictions(),
                node.overlaps().size());
        assertThat(transport.mostAtOnce()).isEqualTo(1);
        assertThat(transport.underWay()).isZero();
        assertThat(node.evictions()).isZero();
        assertThat(node.overlaps()).isEmpty();
        // It would show nothing if they did not get in each other's way, or did not connect.
        assertThat(rounds).hasValue(ROUNDS);
        assertThat(List.of(opened, acquired, refused, ready)).allMatch(count -> count.get() > ROUNDS / 100);
        assertThat(node.accepted()).isGreaterThan(ROUNDS / 100);
    }

    private void round(RandomGenerator random) {
        AtomicReference<LinkRegistry> place = registries.get(random.nextInt(registries.size()));
        LinkRegistry links = place.get();
        Endpoint spelling = spellings.get(random.nextInt(spellings.size()));
        int what = random.nextInt(100);
        rounds.incrementAndGet();
        try {
            if (what == 0) {
                replace(place, links);
            } else if (what < 30) {
                opens(links, spelling, random);
            } else {
                acquires(links, spelling, random);
            }
        } catch (DuplicateLinkException taken) {
            refused.incrementAndGet();
        } catch (LeaseClosedException closedMeanwhile) {
            // By the owner of the link, or with its registry.
        }
    }

    private void replace(AtomicReference<LinkRegistry> place, LinkRegistry old) {
        LinkRegistry fresh = registry();
        (place.compareAndSet(old, fresh) ? old : fresh).close();
    }

    private void opens(LinkRegistry links, Endpoint spelling, RandomGenerator random) {
        try (OwnedLink link = links.open(spelling, links.defaults())) {
            opened.incrementAndGet();
            try (Lease lease = link.acquire("owner")) {
                maybeWaits(lease, random);
            }
        }
    }

    private void acquires(LinkRegistry links, Endpoint spelling, RandomGenerator random) {
        try (Lease lease = links.acquire(spelling, "passer-by")) {
            acquired.incrementAndGet();
            maybeWaits(lease, random);
        }
    }

    private void maybeWaits(Lease lease, RandomGenerator random) {
        if (random.nextInt(4) != 0) {
            return;
        }
        try {
            lease.ready().await(Duration.ofMillis(300));
            ready.incrementAndGet();
        } catch (WaitTimeoutException notYet) {
            // Such as while the other registry's claim is still being given back.
        }
    }

    @Test
    void a_registry_that_closes_while_others_acquire_lets_nobody_in_afterwards() throws Exception {
        for (int i = 0; i < 5; i++) {
            LinkRegistry links = registry();
            CountDownLatch underWay = new CountDownLatch(THREADS);
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Endpoint spelling = spellings.get(thread % spellings.size());
                all.add(threads.submit(() -> {
                    underWay.countDown();
                    acquireUntilClosed(links, spelling);
                }));
            }
            assertThat(underWay.await(10, TimeUnit.SECONDS)).isTrue();
            links.close();
            assertThat(links.links()).isEmpty();
            for (Future<?> one : all) {
                one.get(20, TimeUnit.SECONDS);
            }
        }
        assertThat(transport.mostAtOnce()).isLessThanOrEqualTo(1);
        assertThat(transport.underWay()).isZero();
        assertThat(node.overlaps()).isEmpty();
    }

    private static void acquireUntilClosed(LinkRegistry links, Endpoint spelling) {
        try {
            while (true) {
                links.acquire(spelling, "bot").close();
            }
        } catch (LeaseClosedException closed) {
            assertThat(closed).hasMessageContaining("closed");
        }
    }
}
