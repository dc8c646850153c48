package dev.meshlease.testkit.internal.realtime;

import dev.meshlease.spi.TimeSource;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** One node's host in real time: its share of a thread. */
public final class RealTimeHost implements NodeHost {
    private static final Duration END = Duration.ofSeconds(5);

    private final NodeThread thread;
    private final long seed;
    private final RandomGenerator random;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean gone;
    private volatile boolean forgotten;

    private enum SystemTime implements TimeSource {
        INSTANCE;

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }

    private RealTimeHost(NodeThread thread, long seed) {
        this.thread = thread;
        this.seed = seed;
        random = new SplittableRandom(seed);
    }

    /** A host for one more node, to be stopped. */
    public static RealTimeHost start(long seed) {
        try {
            return new RealTimeHost(NodeThreads.take(), seed);
        } catch (IOException failed) {
            throw new UncheckedIOException("No thread for a simulated node: are there too many open files?", failed);
        }
    }

    @Override
    public TimeSource time() {
        return SystemTime.INSTANCE;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public void execute(Runnable task) {
        if (!stopping.get()) {
            thread.execute(() -> runUnlessGone(task));
        }
    }

    @Override
    public void schedule(long delayNanos, Runnable task) {
        if (!gone) {
            thread.schedule(this, delayNanos, task);
        }
    }

    private void runUnlessGone(Runnable task) {
        if (!gone) {
            task.run();
        }
    }

    @Override
    public boolean await(BooleanSupplier done, Duration limit) {
        if (NodeThreads.hasCurrent()) {
            throw new IllegalStateException("A wait on a simulated node's own thread might never end");
        }
        return thread.await(() -> gone || done.getAsBoolean(), limit) && done.getAsBoolean();
    }

    /** Watches a channel; on the node's thread. The handler is told when it is ready for any of the key's interests. */
    public SelectionKey watch(SelectableChannel channel, int operations, Runnable ready) throws IOException {
        channel.configureBlocking(false);
        return channel.register(
                thread.selector(), operations, new NodeThread.Watched(this, () -> runUnlessGone(ready)));
    }

    /** Closes a channel that it watches; its port is free once the present task's round is over. On the node's thread. */
    public void close(SelectableChannel channel) {
        thread.close(channel);
    }

    /**
     * Ends the node's part of the thread after the tasks given so far: its channels are closed, its timers forgotten. From any thread; waits
     * for that a moment. Idempotent.
     */
    public void stop() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        thread.execute(() -> {
            gone = true;
            thread.forget(this);
            thread.execute(() -> forgotten = true); // in the next round, when the ports are free
        });
        if (!NodeThreads.hasCurrent()) {
            thread.await(() -> forgotten, END);
        }
        NodeThreads.release(thread);
    }
}
