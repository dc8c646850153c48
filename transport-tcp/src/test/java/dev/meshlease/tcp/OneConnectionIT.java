package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.OwnedLink;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.testkit.NodeListener;
import dev.meshlease.testkit.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
 * Eight threads open, acquire, wait and close through two registries, which are closed and replaced under their hands, in four spellings of
 * one node: 10,000 times. Not only the node counts, for which a connection begins when it has accepted it, but also the transport, for which
 * it begins with the attempt.
 */
class OneConnectionIT {
    private static final Logger LOG = LoggerFactory.getLogger(OneConnectionIT.class);

    private static final int ROUNDS = 10_000;
    private static final int THREADS = 8;
    private static final int TURNS_TOGETHER = 5;
    private static final long SEED = Long.getLong("meshlease.testkit.seed", 6);

    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger mostConnected = new AtomicInteger();
    private final SimulatedNode node = SimulatedNode.builder()
            .nodes(1)
            .listener(new NodeListener() {
                @Override
                public void connected(String connection) {
                    mostConnected.accumulateAndGet(connected.incrementAndGet(), Math::max);
                }

                @Override
                public void ended(String connection, String how) {
                    connected.decrementAndGet();
                }
            })
            .start();
    private final String port = node.endpoint().address().split(":")[1];
    private final List<String> spellings = List.of(
            "tcp://127.0.0.1:" + port,
            "tcp://LocalHost.:" + port + "/",
            "tcp://[::FFFF:127.0.0.1]:" + port,
            "tcp://0.0.0.0:" + port);

    private final CountedTransport transport = new CountedTransport();
    private final List<AtomicReference<LinkRegistry>> registries =
            List.of(new AtomicReference<>(registry()), new AtomicReference<>(registry()));
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger acquired = new AtomicInteger();
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger tooLate = new AtomicInteger();

    @AfterEach
    void end() {
        threads.shutdownNow();
        registries.forEach(each -> each.get().close());
        node.close();
    }

    private LinkRegistry registry() {
        return LinkRegistry.builder()
                .transport(transport)
                .defaults(LinkOptions.builder().linger(Duration.ZERO).build())
                .build();
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void there_is_never_more_than_one_connection_nor_attempt_at_one() throws Exception {
        // Now and then all let go and start again together: else some lease would always be there, and nothing ever
        // begin or end.
        CyclicBarrier together = new CyclicBarrier(THREADS);
        AtomicInteger rounds = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(SEED + i);
            all.add(threads.submit(() -> {
                for (int turn = 0; turn < ROUNDS / THREADS; turn++) {
                    if (turn % TURNS_TOGETHER == 0) {
                        together.await(60, TimeUnit.SECONDS);
                    }
                    round(random);
                    rounds.incrementAndGet();
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(120, TimeUnit.SECONDS);
        }
        registries.forEach(each -> each.get().close());

        LOG.info(
                "seed {}: {} rounds, {} opened, {} acquired ({} of them waited until ready), {} refused, {} registries closed,"
                        + " {} came too late; {} attempts to connect, {} accepted; at once at most: {} attempts, {} connections;"
                        + " {} evictions, {} overlaps",
                SEED,
                rounds,
                opened,
                acquired,
                ready,
                refused,
                closed,
                tooLate,
                transport.attempts(),
                node.accepted(),
                transport.mostAtOnce(),
                mostConnected,
                node.evictions(),
                node.overlaps().size());
        assertThat(rounds).hasValue(ROUNDS);
        assertThat(transport.mostAtOnce()).isEqualTo(1);
        assertThat(transport.underWay()).isZero();
        assertThat(mostConnected).hasValue(1);
        assertThat(node.evictions()).isZero();
        assertThat(node.overlaps()).isEmpty();
        // It would show nothing if they did not get in each other's way, or did not connect.
        assertThat(refused.get()).isGreaterThan(ROUNDS / 500);
        assertThat(opened.get()).isGreaterThan(ROUNDS / 500);
        assertThat(acquired.get()).isGreaterThan(ROUNDS / 500);
        assertThat(node.accepted()).isGreaterThan(ROUNDS / 500);
    }

    private void round(RandomGenerator random) {
        AtomicReference<LinkRegistry> place = registries.get(random.nextInt(registries.size()));
        LinkRegistry links = place.get();
        String spelling = spellings.get(random.nextInt(spellings.size()));
        int what = random.nextInt(100);
        try {
            if (what == 0) {
                replace(place, links);
            } else if (what < 30) {
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

    private void replace(AtomicReference<LinkRegistry> place, LinkRegistry old) {
        LinkRegistry fresh = registry();
        boolean first = place.compareAndSet(old, fresh);
        (first ? old : fresh).close();
        if (first) {
            closed.incrementAndGet();
        }
    }

    private void opens(LinkRegistry links, String spelling, RandomGenerator random) {
        try (OwnedLink link = links.open(spelling, links.defaults())) {
            opened.incrementAndGet();
            try (Lease lease = link.acquire("owner")) {
                maybeWaits(lease, random);
            }
        }
    }

    private void acquires(LinkRegistry links, String spelling, RandomGenerator random) {
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
}
