package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.OwnedLink;
import dev.meshlease.testkit.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads that come and go at once, without linger, so that links begin and end all the time. The node says whether it held. */
class SharingStressIT {
    private static final int THREADS = 8;
    private static final int ROUNDS = 150;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SimulatedNode node = SimulatedNode.builder().start();
    private final String port = node.endpoint().address().split(":")[1];
    private final List<String> spellings =
            List.of("tcp://127.0.0.1:" + port, "tcp://LocalHost:" + port, "tcp://[::ffff:127.0.0.1]:" + port);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void end() {
        threads.shutdownNow();
        node.close();
    }

    @Test
    void whoever_comes_and_goes_there_is_never_a_second_connection() throws Exception {
        try (LinkRegistry links = registry()) {
            together(random -> {
                for (int round = 0; round < ROUNDS; round++) {
                    comeAndGo(links, random);
                }
            });
            assertThat(node.evictions()).isZero();
        }
        try (LinkRegistry next = registry();
                OwnedLink free = next.open(node.endpoint(), next.defaults())) {
            assertThat(free.leases()).isEmpty();
        }
    }

    private void comeAndGo(LinkRegistry links, RandomGenerator random) {
        String spelling = spellings.get(random.nextInt(spellings.size()));
        if (random.nextInt(4) == 0) {
            try (OwnedLink link = links.open(spelling, links.defaults());
                    Lease lease = link.acquire("owner")) {
                assertThat(lease.holder()).isEqualTo("owner");
            } catch (DuplicateLinkException taken) {
                assertThat(taken.incumbent().pid())
                        .isEqualTo(ProcessHandle.current().pid());
            }
            return;
        }
        try (Lease lease = links.acquire(spelling, "passer-by")) {
            if (random.nextInt(8) == 0) {
                lease.ready().await(PATIENCE);
            }
        } catch (LeaseClosedException ownersChoice) {
            // Joined a link that its owner closed meanwhile.
        }
    }

    @Test
    void a_registry_that_closes_while_others_acquire_lets_nobody_in_afterwards() throws Exception {
        for (int round = 0; round < 20; round++) {
            LinkRegistry links = registry();
            CountDownLatch underWay = new CountDownLatch(THREADS);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String spelling = spellings.get(i % spellings.size());
                all.add(threads.submit(() -> {
                    underWay.countDown();
                    acquireUntilClosed(links, spelling);
                }));
            }
            assertThat(underWay.await(10, TimeUnit.SECONDS)).isTrue();
            long before = System.nanoTime();
            links.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            assertThat(links.links()).isEmpty();
            join(all);
        }
        assertThat(node.evictions()).isZero();
    }

    private static void acquireUntilClosed(LinkRegistry links, String spelling) {
        try {
            while (true) {
                links.acquire(spelling, "bot").close();
            }
        } catch (LeaseClosedException closed) {
            assertThat(closed).hasMessageContaining("closed");
        }
    }

    private interface Work {
        void run(RandomGenerator random);
    }

    private void together(Work work) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            RandomGenerator random = new Random(i);
            all.add(threads.submit(() -> work.run(random)));
        }
        join(all);
    }

    private static void join(List<Future<?>> all) throws Exception {
        for (Future<?> one : all) {
            try {
                one.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException failure) {
                throw new AssertionError(failure.getCause());
            } catch (TimeoutException hangs) {
                fail("A thread hangs");
            }
        }
    }

    private static LinkRegistry registry() {
        return LinkRegistry.builder()
                .defaults(LinkOptions.builder().linger(Duration.ZERO).build())
                .build();
    }
}
