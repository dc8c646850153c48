package dev.meshlease.examples.benchmarks.fanout;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.examples.benchmarks.harness.Comparison;
import dev.meshlease.examples.benchmarks.harness.Pair;
import dev.meshlease.examples.benchmarks.harness.Target;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Reception;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.MeshPacket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One link to 64 leases whose callbacks run on two threads, against the JDK's publisher to 64 subscribers on two threads. */
public final class LikeAPublisher implements Comparison {
    private static final int LEASES = 64;
    private static final int LAPS = 60;
    private static final int THREADS = 2;
    private static final long LOOK_NANOS = 20_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    // That of JDK 17 now and then leaves its last packet lying: then it is asked once more.
    private static final long NUDGE_NANOS = 50_000_000L;

    @Override
    public String name() {
        return "fanout.64.publisher";
    }

    @Override
    public String summary() {
        return "packets given to 64 leases a second, bytes to callbacks / to 64 subscribers by SubmissionPublisher";
    }

    @Override
    public Target target() {
        return Target.atLeast(1);
    }

    @Override
    public Pair pair() {
        return new Publishers();
    }

    private static final class Publishers implements Pair {
        private final ForkJoinPool pool = new ForkJoinPool(THREADS);
        private final Crowd crowd = Crowd.on(pool, LEASES);
        private final SubmissionPublisher<InboundPacket> publisher = new SubmissionPublisher<>(pool, 2 * Corpus.FRAMES);
        private final List<Subscriber> subscribers = new ArrayList<>();
        private long laps;

        Publishers() {
            for (int i = 0; i < LEASES; i++) {
                Subscriber subscriber = new Subscriber();
                subscribers.add(subscriber);
                publisher.subscribe(subscriber);
            }
        }

        @Override
        public double baseline() throws InvalidProtocolBufferException {
            long start = System.nanoTime();
            for (int lap = 0; lap < LAPS; lap++) {
                laps++;
                for (int i = 0; i < Corpus.FRAMES; i++) {
                    publisher.submit(packet(i));
                }
                subscribers.forEach(this::awaits);
            }
            return 1e9 * LAPS * Corpus.FRAMES * LEASES / (System.nanoTime() - start);
        }

        /** As a program would read it that has no link: parsed, where it is known to be. */
        private static InboundPacket packet(int frame) throws InvalidProtocolBufferException {
            int from = Corpus.payload(frame);
            ByteBuffer payload = ByteBuffer.wrap(Corpus.bytes(), from, Corpus.offset(frame + 1) - from);
            MeshPacket packet = FromRadio.parseFrom(payload).getPacket();
            return new InboundPacket(packet, new Reception(new Cursor(1, frame), 1, Instant.EPOCH));
        }

        private void awaits(Subscriber subscriber) {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (subscriber.given.get() < laps * Corpus.FRAMES) {
                LockSupport.parkNanos(LOOK_NANOS);
                if (System.nanoTime() - deadline > NUDGE_NANOS - PATIENCE_NANOS) {
                    subscriber.nudge();
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("Of " + laps * Corpus.FRAMES + " packets a subscriber was given "
                            + subscriber.given.get() + ", the publisher says that " + publisher.estimateMaximumLag()
                            + " are missing");
                }
            }
        }

        @Override
        public double candidate() {
            return crowd.deliveriesPerSecond(LAPS);
        }

        @Override
        public void close() {
            publisher.close();
            crowd.close();
            pool.shutdown();
        }
    }

    private static final class Subscriber implements Flow.Subscriber<InboundPacket> {
        private final AtomicLong given = new AtomicLong();
        private volatile Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription own) {
            subscription = own;
            own.request(Long.MAX_VALUE);
        }

        void nudge() {
            Flow.Subscription own = subscription;
            if (own != null) {
                own.request(1);
            }
        }

        @Override
        public void onNext(InboundPacket packet) {
            given.lazySet(given.get() + 1);
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onComplete() {}
    }
}
