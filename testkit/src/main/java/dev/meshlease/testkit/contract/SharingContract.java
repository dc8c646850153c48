package dev.meshlease.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.OwnedLink;
import dev.meshlease.ReconnectPolicy;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.spi.Transport;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that open, acquire, wait and close at once, in several spellings of one node, without linger, so that links begin and end all the
 * time. Both count, the transport, for which a connection begins with the attempt, and the node. Needs a world in real time.
 */
public abstract class SharingContract {
    private static final Logger LOG = LoggerFactory.getLogger(SharingContract.class);

    private static final long SEED = Long.getLong("meshlease.testkit.seed", 6);
    private static final int THREADS = 8;
    private static final int SPELLINGS = 4;
    private static final int TURNS_TOGETHER = 5;

    /** How long the node takes to let somebody in: the less, the more links begin and end. */
    private static final Duration MOMENT = Duration.ofMillis(5);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final ReconnectPolicy QUICK =
            new ReconnectPolicy(Duration.ofMillis(20), Duration.ofMillis(50), 0, Duration.ofSeconds(30));

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger acquired = new AtomicInteger();
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger tooLate = new AtomicInteger();
    private final AtomicInteger replaced = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private ContractWorld world;
    private SimulatedNode node;
    private CountedTransport transport;
    private List<Endpoint> spellings;

    protected SharingContract() {}

    /** A new world for one test, in real time. */
    protected abstract ContractWorld newWorld();

    /** The transport by which the world's nodes are reached. */
    protected abstract Transport newTransport();

    /** How often somebody comes: 10,000 times, unless that takes too long. */
    protected int rounds() {
        return 10_000;
    }

    @BeforeEach
    void start() {
        world = newWorld();
        node = world.start(SimulatedNode.builder().nodes(1).with(Switch.ACCEPT_POLL, MOMENT));
        transport = CountedTransport.of(newTransport());
        spellings = new ArrayList<>(List.of(world.endpoint(node)));
        while (spellings.size() < SPELLINGS) {
            spellings.add(world.respelled(node));
        }
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        node.close();
        world.close();
    }

    private LinkRegistry registry() {
        return world.registry()
                .transport(transport)
                .defaults(LinkOptions.builder()
                        .linger(Duration.ZERO)
                        .reconnect(QUICK)
                        .build())
                .build();
    }

    private void assertOneAtOnce() {
        assertThat(transport.mostAtOnce()).isLessThanOrEqualTo(1);
        assertThat(transport.underWay()).isZero();
        assertThat(node.evictions()).isZero();
        assertThat(node.overlaps()).isEmpty();
    }

    @Test
    void there_is_never_more_than_one_connection_nor_attempt_at_one() throws Exception {
        // Two registries, which are closed and replaced under the hands of those who use them. Now and then all let go
        // and
        // start again together: else some lease would always be there, and nothing ever begin or end.
        List<Place> places = List.of(new Place(), new Place());
        CyclicBarrier together = new CyclicBarrier(THREADS);
        try {
            join(inAllThreads(random -> () -> {
                for (int turn = 0; turn < rounds() / THREADS; turn++) {
                    if (turn % TURNS_TOGETHER == 0) {
                        together.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                    }
                    somebodyComes(places.get(random.nextInt(places.size())), random);
                }
                return null;
            }));
        } finally {
            places.forEach(place -> place.links().close());
        }

        LOG.info(
                "seed {}: {} rounds, {} opened, {} acquired, {} waited until ready, {} refused, {} registries closed, {} came"
                        + " too late; {} attempts, {} accepted, at once at most: {} attempts; {} evictions, {} overlaps",
                SEED,
                rounds(),
                opened,
                acquired,
                ready,
                refused,
                replaced,
                tooLate,
                transport.attempts(),
                node.accepted(),
                transport.mostAtOnce(),
                node.evictions(),
                node.overlaps().size());
        assertOneAtOnce();
        // It would show nothing if they did not get in each other's way, or did not connect.
        assertThat(List.of(opened, acquired, ready, refused)).allMatch(count -> count.get() > rounds() / 500);
        assertThat(node.accepted()).isGreaterThan(rounds() / 500);
    }

    /** Where threads find a registry, and put another. */
    private final class Place {
        @GuardedBy("this")
        private LinkRegistry links = registry();

        synchronized LinkRegistry links() {
            return links;
        }

        void replace() {
            exchange(registry()).close();
            replaced.incrementAndGet();
        }

        private synchronized LinkRegistry exchange(LinkRegistry fresh) {
            LinkRegistry old = links;
            links = fresh;
            return old;
        }
    }

    private void somebodyComes(Place place, RandomGenerator random) {
        LinkRegistry links = place.links();
        Endpoint spelling = spellings.get(random.nextInt(spellings.size()));
        int what = random.nextInt(200);
        try {
            if (what == 0) {
                place.replace();
            } else if (what < 60) {
                opens(links, spelling, random);
            } else {
                acquires(links, spelling, random);
            }
        } catch (DuplicateLinkException taken) {
            assertThat(taken.incumbent().pid())
                    .isEqualTo(ProcessHandle.current().pid());
            refused.incrementAndGet();
        } catch (LeaseClosedException closedMeanwhile) {
            tooLate.incrementAndGet();
        }
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
        if (random.nextInt(8) != 0) {
            return;
        }
        try {
            lease.ready().await(Duration.ofMillis(200));
            ready.incrementAndGet();
        } catch (WaitTimeoutException notYet) {
            // Such as while the other registry's claim is still being given back.
        }
    }

    @Test
    void who_stays_is_connected_however_many_come_and_go() throws Exception {
        try (LinkRegistry links = registry()) {
            join(inAllThreads(random -> () -> {
                for (int turn = 0; turn < rounds() / THREADS / 10; turn++) {
                    try (Lease lease = links.acquire(spellings.get(random.nextInt(spellings.size())), "bot")) {
                        if (random.nextInt(8) == 0) {
                            lease.ready().await(PATIENCE);
                        }
                    }
                }
                return null;
            }));
        }
        assertThat(node.accepted()).isPositive();
        assertOneAtOnce();
        try (LinkRegistry next = registry();
                OwnedLink free = next.open(spellings.get(0), next.defaults())) {
            assertThat(free.leases()).isEmpty();
        }
    }

    @Test
    void a_registry_that_closes_while_others_acquire_lets_nobody_in_afterwards() throws Exception {
        for (int i = 0; i < 5; i++) {
            LinkRegistry links = registry();
            CountDownLatch underWay = new CountDownLatch(THREADS);
            List<Future<?>> all = inAllThreads(random -> () -> {
                underWay.countDown();
                acquireUntilClosed(links, spellings.get(random.nextInt(spellings.size())));
                return null;
            });
            assertThat(underWay.await(10, TimeUnit.SECONDS)).isTrue();
            links.close();
            assertThat(links.links()).isEmpty();
            join(all);
        }
        assertOneAtOnce();
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

    /** Has all threads do it, each with its own randomness. */
    private List<Future<?>> inAllThreads(Function<RandomGenerator, Callable<?>> work) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            all.add(threads.submit(work.apply(new Random(SEED + i))));
        }
        return all;
    }

    private static void join(List<Future<?>> all) throws Exception {
        for (Future<?> one : all) {
            one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
