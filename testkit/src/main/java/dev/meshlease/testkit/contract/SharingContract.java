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
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
    private final Queue<LinkRegistry> registries = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private ContractWorld world;
    private SimulatedNode node;
    private CountedTransport transport;
    private List<Endpoint> spellings;

    protected SharingContract() {}

    /** A new world for one test, in real time. */
    protected abstract ContractWorld newWorld();

    /** The transport by which the world's nodes are reached. Its registries get this one, counted. */
    protected abstract Transport newTransport();

    /** How often somebody comes to two registries: 10,000 times, unless that takes too long. To one, a fifth of that. At least 1,000. */
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
    void end() throws InterruptedException {
        threads.shutdownNow();
        boolean haveEnded = threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        closeAll();
        if (node != null) {
            node.close();
        }
        if (world != null) {
            world.close();
        }
        assertThat(haveEnded).as("the threads have ended").isTrue();
    }

    private LinkRegistry registry() {
        LinkRegistry made = world.registry()
                .transport(transport)
                .defaults(LinkOptions.builder()
                        .linger(Duration.ZERO)
                        .reconnect(QUICK)
                        .build())
                .build();
        registries.add(made);
        return made;
    }

    private void closeAll() {
        registries.forEach(LinkRegistry::close);
    }

    @Test
    void there_is_never_more_than_one_connection_nor_attempt_at_one() throws Exception {
        List<Place> places = List.of(new Place(), new Place());
        inTurns(rounds(), random -> {
            Place place = places.get(random.nextInt(places.size()));
            if (random.nextInt(200) == 0) {
                place.replace();
            } else {
                somebodyComes(place.links(), random, this::maybeWaits);
            }
        });
        assertOneAtOnce(rounds());
    }

    @Test
    void whoever_is_let_in_is_connected_however_many_come_and_go() throws Exception {
        LinkRegistry links = registry();
        inTurns(rounds() / 5, random -> somebodyComes(links, random, this::waits));
        assertOneAtOnce(rounds() / 5);
        LinkRegistry next = registry();
        try (OwnedLink free = next.open(spellings.get(0), next.defaults())) {
            assertThat(free.leases()).isEmpty();
        }
    }

    private void assertOneAtOnce(int rounds) {
        closeAll();
        LOG.info(
                "seed {}: {} rounds, {} opened, {} acquired, {} waited until ready, {} refused, {} registries replaced, {} came"
                        + " too late; {} attempts, {} accepted, at once at most: {} attempts; {} evictions, {} overlaps",
                SEED,
                rounds,
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
        assertThat(transport.mostAtOnce()).isEqualTo(1);
        assertThat(transport.underWay()).isZero();
        assertThat(node.evictions()).isZero();
        assertThat(node.overlaps()).isEmpty();
        // It would show nothing if they did not get in each other's way, or did not connect.
        assertThat(List.of(opened, acquired, ready, refused)).allMatch(count -> count.get() > rounds / 200);
        assertThat(node.accepted()).isGreaterThan(rounds / 200);
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

    private void somebodyComes(LinkRegistry links, RandomGenerator random, Consumer<Lease> waiting) {
        Endpoint spelling = spellings.get(random.nextInt(spellings.size()));
        Consumer<Lease> staying = random.nextInt(8) == 0 ? waiting : lease -> {};
        try {
            if (random.nextInt(10) < 3) {
                opens(links, spelling, staying);
            } else {
                acquires(links, spelling, staying);
            }
        } catch (DuplicateLinkException taken) {
            assertThat(taken.incumbent().pid())
                    .isEqualTo(ProcessHandle.current().pid());
            refused.incrementAndGet();
        } catch (LeaseClosedException closedMeanwhile) {
            tooLate.incrementAndGet();
        }
    }

    private void opens(LinkRegistry links, Endpoint spelling, Consumer<Lease> staying) {
        try (OwnedLink link = links.open(spelling, links.defaults())) {
            opened.incrementAndGet();
            try (Lease lease = link.acquire("owner")) {
                staying.accept(lease);
            }
        }
    }

    private void acquires(LinkRegistry links, Endpoint spelling, Consumer<Lease> staying) {
        try (Lease lease = links.acquire(spelling, "passer-by")) {
            acquired.incrementAndGet();
            staying.accept(lease);
        }
    }

    private void waits(Lease lease) {
        lease.ready().await(PATIENCE);
        ready.incrementAndGet();
    }

    private void maybeWaits(Lease lease) {
        try {
            lease.ready().await(Duration.ofMillis(200));
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
            CompletionService<Object> all = inAllThreads(random -> () -> {
                underWay.countDown();
                acquireUntilClosed(links, spellings.get(random.nextInt(spellings.size())));
                return links;
            });
            assertThat(underWay.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            links.close();
            assertThat(links.links()).isEmpty();
            join(all);
        }
        assertThat(transport.mostAtOnce()).isLessThanOrEqualTo(1);
        assertThat(transport.underWay()).isZero();
        assertThat(node.evictions()).isZero();
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

    /** Now and then all let go and start again together: else some lease would always be there, and nothing ever begin or end. */
    private void inTurns(int rounds, Consumer<RandomGenerator> turn) throws Exception {
        CyclicBarrier together = new CyclicBarrier(THREADS);
        join(inAllThreads(random -> () -> {
            for (int i = 0; i < rounds / THREADS; i++) {
                if (i % TURNS_TOGETHER == 0) {
                    together.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                }
                turn.accept(random);
            }
            return together;
        }));
    }

    /** Has all threads do it, each with its own randomness. */
    private CompletionService<Object> inAllThreads(Function<RandomGenerator, Callable<Object>> work) {
        CompletionService<Object> all = new ExecutorCompletionService<>(threads);
        for (int i = 0; i < THREADS; i++) {
            var unused = all.submit(work.apply(new Random(SEED + i)));
        }
        return all;
    }

    /** Waits for all threads, or the first that fails. */
    private static void join(CompletionService<Object> all) throws Exception {
        for (int i = 0; i < THREADS; i++) {
            Future<Object> done = all.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(done).as("a thread that has ended").isNotNull();
            done.get();
        }
    }
}
