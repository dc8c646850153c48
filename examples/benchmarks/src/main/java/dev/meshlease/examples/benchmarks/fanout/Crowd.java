package dev.meshlease.examples.benchmarks.fanout;

import static dev.meshlease.message.PacketFilter.all;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.Feed;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Overflow;
import dev.meshlease.message.PacketListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Leases of one link that count what they are given, and perhaps one whose listener never returns. */
final class Crowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int INBOX = 2 * Corpus.FRAMES;
    private static final long LOOK_NANOS = 20_000;

    private final Flood flood = new Flood();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final List<Counter> counters = new ArrayList<>();
    private final LinkRegistry links;
    private long laps;

    /** Counts on a thread of the pool; read by the one that measures. */
    private static final class Counter implements PacketListener {
        private final AtomicLong given = new AtomicLong();
        private final boolean parses;

        Counter(boolean parses) {
            this.parses = parses;
        }

        @Override
        public void onPacket(InboundPacket packet) {
            if (parses && packet.proto().getId() != packet.id()) {
                throw new IllegalStateException("Not what was sent: " + packet);
            }
            given.lazySet(given.get() + 1);
        }

        @Override
        public void onGap(Gap gap) {
            throw new IllegalStateException("A benchmark's inbox was too small: " + gap);
        }
    }

    private Crowd(int leases, @Nullable Executor pool, Feed feed, boolean parses, boolean hasStuckOne) {
        links = LinkRegistry.builder()
                .transport(flood)
                .withoutMachineClaims() // Each process has a flood of its own.
                .build();
        for (int i = 0; i < leases; i++) {
            LeaseOptions options = LeaseOptions.of("lease " + i);
            Lease lease = links.acquire(Endpoint.of("flood://node"), pool == null ? options : options.callbacks(pool));
            Counter counter = new Counter(parses);
            counters.add(counter);
            var unused = lease.subscribe(feed, counter);
        }
        Lease last = links.acquire("flood://node", "stuck");
        if (hasStuckOne) {
            var unused = last.subscribe(all(), packet -> block());
        }
        var unused = last.ready().await(PATIENCE);
    }

    /** Leases whose callbacks run on the registry's threads. */
    static Crowd of(int leases) {
        return new Crowd(leases, null, queued(), false, false);
    }

    /** Leases whose callbacks run on these threads. */
    static Crowd on(Executor pool, int leases) {
        return new Crowd(leases, pool, queued(), false, false);
    }

    /** Leases, and one more whose listener blocks for ever. */
    static Crowd besideStuckOne(int leases) {
        return new Crowd(leases, null, queued(), false, true);
    }

    /** Leases whose listeners run on the loop itself. */
    static Crowd inline(int leases) {
        return new Crowd(leases, null, all().inline(), false, false);
    }

    /** The same, and each asks for the whole packet. */
    static Crowd parsing(int leases) {
        return new Crowd(leases, null, all().inline(), true, false);
    }

    private static Feed queued() {
        return all().capacity(INBOX, Overflow.DROP_OLDEST);
    }

    private void block() {
        try {
            stuck.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has everybody given the whole corpus some times; returns deliveries per second. */
    double deliveriesPerSecond(int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            lap();
        }
        long nanos = System.nanoTime() - start;
        return 1e9 * times * Corpus.FRAMES * counters.size() / nanos;
    }

    void lap() {
        laps++;
        flood.lap();
        long due = laps * Corpus.FRAMES;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Counter counter : counters) {
            while (counter.given.get() < due) {
                LockSupport.parkNanos(LOOK_NANOS);
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("Of " + due + " packets a lease was given " + counter.given.get());
                }
            }
        }
    }

    @Override
    public void close() {
        stuck.countDown();
        links.close();
    }
}
