package dev.meshlease.testkit.internal.realtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon thread around a selector, on which several nodes live.
 *
 * <p>{@code lock} guards the queue of tasks and is what {@link #await} waits on; it is notified after each round. Timers and channels
 * belong to the thread. A task that throws is logged and costs nobody else anything.
 */
final class NodeThread {
    private static final Logger LOG = LoggerFactory.getLogger(NodeThread.class);
    private static final Duration END = Duration.ofSeconds(5);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LONGEST_SELECT_MILLIS = Duration.ofHours(1).toMillis();

    private final Selector selector;
    private final Thread thread;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long timerCount;
    private boolean reaping;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private Deque<Runnable> tasks = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean stopped;

    /** Whether tasks are being run: what they close may still be there. */
    @GuardedBy("lock")
    private boolean inRound;

    @GuardedBy("lock")
    private long rounds;

    /** What a channel's key carries. */
    record Watched(RealTimeHost owner, Runnable ready) {}

    private record Timer(long dueNanos, long order, RealTimeHost owner, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = Long.signum(dueNanos - other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private NodeThread(Selector selector, int number) {
        this.selector = selector;
        thread = new Thread(this::loop, "meshlease-simulator-" + number);
        thread.setDaemon(true);
    }

    static NodeThread start(int number) throws IOException {
        NodeThread started = new NodeThread(Selector.open(), number);
        started.thread.start();
        return started;
    }

    boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    Selector selector() {
        return selector;
    }

    /** Runs a task on the thread; from any thread. Nothing happens once it has been stopped. */
    void execute(Runnable task) {
        synchronized (lock) {
            if (stopped) {
                return;
            }
            tasks.addLast(task);
        }
        if (!isCurrent()) {
            selector.wakeup();
        }
    }

    /** On the thread. */
    void schedule(RealTimeHost owner, long delayNanos, Runnable task) {
        timers.add(new Timer(System.nanoTime() + Math.max(0, delayNanos), timerCount++, owner, task));
    }

    /** Waits for a condition, and for the end of the round in which it became true. */
    boolean await(BooleanSupplier done, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (lock) {
            long doneInRound = Long.MAX_VALUE;
            while (true) {
                if (!done.getAsBoolean()) {
                    doneInRound = Long.MAX_VALUE;
                } else if (!inRound || rounds > doneInRound) {
                    return true;
                } else {
                    doneInRound = Math.min(doneInRound, rounds);
                }
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
        }
    }

    /** Closes a channel, and has its port free before anybody hears of the present round's end. On the thread. */
    void close(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException broken) {
            LOG.debug("Closing {} failed", channel, broken);
        }
        reaping = true;
    }

    /** Closes all channels of a node, and forgets its timers. On the thread. */
    void forget(RealTimeHost owner) {
        timers.removeIf(timer -> timer.owner().equals(owner));
        for (SelectionKey key : selector.keys()) {
            if (((Watched) key.attachment()).owner().equals(owner)) {
                close(key.channel());
            }
        }
    }

    /** Ends the thread after the tasks given so far. From any thread; waits for the end a moment. */
    void stop() {
        synchronized (lock) {
            stopped = true;
        }
        selector.wakeup();
        if (!isCurrent()) {
            try {
                thread.join(END.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void loop() {
        try (selector) {
            boolean last = false;
            while (!last) {
                if (hasTasks()) {
                    selector.selectNow(this::ready);
                } else {
                    selector.select(this::ready, untilNextTimerMillis());
                }
                Deque<Runnable> due;
                synchronized (lock) {
                    last = stopped;
                    due = tasks;
                    tasks = new ArrayDeque<>();
                    inRound = true;
                }
                due.forEach(NodeThread::run);
                runTimers();
                if (reaping) {
                    reaping = false;
                    selector.selectNow(this::ready); // a closed channel keeps its port until its key has gone
                }
                synchronized (lock) {
                    inRound = false;
                    rounds++;
                    lock.notifyAll();
                }
            }
        } catch (IOException | ClosedSelectorException broken) {
            LOG.error("A thread of simulated nodes ended early", broken);
        }
    }

    private void ready(SelectionKey key) {
        run(((Watched) key.attachment()).ready());
    }

    private boolean hasTasks() {
        synchronized (lock) {
            return !tasks.isEmpty() || stopped;
        }
    }

    private long untilNextTimerMillis() {
        Timer next = timers.peek();
        if (next == null) {
            return 0;
        }
        long left = next.dueNanos() - System.nanoTime();
        return Math.min(LONGEST_SELECT_MILLIS, Math.max(1, (left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
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
        } catch (Throwable thrown) { // of one node, which must not cost the others their thread
            LOG.error("A simulated node failed at a task", thrown);
        }
    }
}
