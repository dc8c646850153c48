package dev.meshlease.testkit;

import dev.meshlease.spi.TimeSource;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A node's host whose time moves only when a test says so. One thread: the test's. */
final class HandSteppedHost implements NodeHost, TimeSource {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long SEED = 7;

    private final RandomGenerator random = new SplittableRandom(SEED);
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private long now;
    private long order;

    private record Due(long at, long order, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** How much is still to happen. */
    int pending() {
        return agenda.size();
    }

    /** Lets time pass, and all that happens in it. */
    void advance(Duration span) {
        long end = now + span.toNanos();
        while (!agenda.isEmpty() && agenda.peek().at() <= end) {
            Due next = agenda.remove();
            now = next.at();
            next.task().run();
        }
        now = end;
    }

    @Override
    public TimeSource time() {
        return this;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public long seed() {
        return SEED;
    }

    @Override
    public void execute(Runnable task) {
        schedule(0, task);
    }

    @Override
    public void schedule(long delayNanos, Runnable task) {
        agenda.add(new Due(now + delayNanos, order++, task));
    }

    @Override
    public boolean await(BooleanSupplier done, Duration limit) {
        long end = now + limit.toNanos();
        while (!done.getAsBoolean() && !agenda.isEmpty() && agenda.peek().at() <= end) {
            advance(Duration.ofNanos(agenda.peek().at() - now));
        }
        return done.getAsBoolean();
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(now);
    }
}
