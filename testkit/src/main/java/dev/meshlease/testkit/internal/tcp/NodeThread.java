package dev.meshlease.testkit.internal.tcp;

import dev.meshlease.spi.TimeSource;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's host in real time: one daemon thread around a selector.
 *
 * <p>{@code lock} guards the task queue and is what {@link #await} waits on; it is notified after each round of the thread. Timers and
 * channels belong to the thread. A task that throws is logged and costs nobody else anything.
 */
final class NodeThread implements NodeHost {
    private static final Logger LOG = LoggerFactory.getLogger(NodeThread.class);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Selector selector;
    private final Thread thread;
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long timerCount;

    private final Object lock = new Object();
    private Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean stopped;

    private record Timer(long dueNanos, long order, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = Long.signum(dueNanos - other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

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

    private NodeThread(Selector selector) {
        this.selector = selector;
        thread = new Thread(this::loop, "meshlease-simulator-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
    }

    static NodeThread start() throws IOException {
        NodeThread host = new NodeThread(Selector.open());
        host.thread.start();
        return host;
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
    public void execute(Runnable task) {
        synchronized (lock) {
            if (stopped) {
                return;
            }
            tasks.addLast(task);
        }
        selector.wakeup();
    }

    @Override
    public void schedule(long delayNanos, Runnable task) {
        timers.add(new Timer(System.nanoTime() + Math.max(0, delayNanos), timerCount++, task));
    }

    @Override
    public boolean await(BooleanSupplier done, Duration limit) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("A wait on the simulated node's own thread would never end");
        }
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (lock) {
            while (!done.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || stopped) {
                    return done.getAsBoolean();
                }
                try {
                    lock.wait(left / NANOS_PER_MILLI + 1);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return done.getAsBoolean();
                }
            }
            return true;
        }
    }

    /** Watches a channel; on the node's thread. The handler is told when it is ready for any of the key's interests. */
    SelectionKey watch(SelectableChannel channel, int operations, Runnable ready) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, ready);
    }

    /** Ends the thread after the tasks given so far. From any thread; waits for the end a moment. */
    void stop() {
        synchronized (lock) {
            stopped = true;
        }
        selector.wakeup();
        if (Thread.currentThread() != thread) {
            try {
                thread.join(Duration.ofSeconds(5).toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void loop() {
        try (selector) {
            boolean last = false;
            while (!last) {
                selector.select(key -> run((Runnable) key.attachment()), untilNextTimerMillis());
                Deque<Runnable> due;
                synchronized (lock) {
                    last = stopped;
                    due = tasks;
                    tasks = new ArrayDeque<>();
                }
                due.forEach(NodeThread::run);
                runTimers();
                synchronized (lock) {
                    lock.notifyAll();
                }
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException | ClosedSelectorException broken) {
            LOG.error("The thread of a simulated node ended early", broken);
        }
    }

    private long untilNextTimerMillis() {
        synchronized (lock) {
            if (!tasks.isEmpty() || stopped) {
                return 1;
            }
        }
        Timer next = timers.peek();
        if (next == null) {
            return 0;
        }
        long left = next.dueNanos() - System.nanoTime();
        return Math.max(1, (left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    private void runTimers() {
        long now = System.nanoTime();
        for (Timer next = timers.peek(); next != null && next.dueNanos() - now <= 0; next = timers.peek()) {
            timers.remove();
            run(next.task());
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | AssertionError thrown) {
            LOG.error("A simulated node failed at a task", thrown);
        }
    }

    /** For the start of a face: turns a checked failure into an unchecked one that says what to do. */
    static UncheckedIOException cannotListen(int port, IOException cause) {
        return new UncheckedIOException(
                "No simulated node at 127.0.0.1:" + port + ": " + cause.getMessage()
                        + ". Use another port, or none to get a free one",
                cause);
    }
}
