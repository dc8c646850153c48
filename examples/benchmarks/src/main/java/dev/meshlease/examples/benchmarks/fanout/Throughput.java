package dev.meshlease.examples.benchmarks.fanout;

import static dev.meshlease.message.PacketFilter.all;

import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.examples.benchmarks.harness.Comparison;
import dev.meshlease.examples.benchmarks.harness.Pair;
import dev.meshlease.examples.benchmarks.harness.Target;
import dev.meshlease.examples.benchmarks.raw.RawFlood;
import dev.meshlease.message.Overflow;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** From a socket to a listener, against reading the same bytes from a socket and looking at none. */
public final class Throughput implements Comparison {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FRAMES = 200_000;
    private static final int BEFORE = 20_000;
    private static final int INBOX = 1_000_000;
    private static final long LOOK_NANOS = 20_000;

    @Override
    public String name() {
        return "link.throughput";
    }

    @Override
    public String summary() {
        return "frames a second from TCP to one lease's listener / read from a socket, 64 KiB at a time";
    }

    @Override
    public Target target() {
        return Target.atLeast(0.25);
    }

    @Override
    public Pair pair() throws IOException {
        RawFlood server = RawFlood.start(Corpus.bytes());
        return new Pair() {
            @Override
            public double baseline() throws IOException {
                double meanFrame = (double) Corpus.bytes().length / Corpus.FRAMES;
                return server.readBytesPerSecond((long) (BEFORE * meanFrame), (long) (FRAMES * meanFrame)) / meanFrame;
            }

            @Override
            public double candidate() {
                return framesPerSecond("tcp://127.0.0.1:" + server.port());
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
    }

    private static double framesPerSecond(String endpoint) {
        LinkOptions options = LinkOptions.builder().linger(Duration.ZERO).build();
        try (LinkRegistry links = LinkRegistry.builder().defaults(options).build()) {
            AtomicLong given = new AtomicLong();
            Lease lease = links.acquire(endpoint, "throughput");
            var unused = lease.subscribe(
                    all().capacity(INBOX, Overflow.FAIL_LEASE), packet -> given.lazySet(given.get() + 1));
            await(given, BEFORE);
            long start = System.nanoTime();
            long from = given.get();
            await(given, from + FRAMES);
            return 1e9 * (given.get() - from) / (System.nanoTime() - start);
        }
    }

    private static void await(AtomicLong given, long count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (given.get() < count) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("Of " + count + " packets there came " + given.get());
            }
        }
    }
}
