package dev.meshlease.internal.loop;

import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loop on a daemon thread of its own, around a {@link Selector}. */
final class SelectorLoop implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(SelectorLoop.class);

    /** How many tasks run before sockets and timers get their turn. */
    private static final int TASKS_PER_TURN = 1024;

    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /*
     * A turn: sleep in the selector, readiness, tasks, timers, waiters.
     *
     * Waking: the loop sets `sleeping`, then looks into the queue once more; a caller fills the queue, then looks at `sleeping`. So
     * no task is slept over, and only the first task after the loop fell asleep pays for a wake-up.
     *
     * Closing: `closed` is final. The loop then runs the queue empty and ends. A caller that was between its look at `closed` and
     * the queue looks again: either it takes its task back and is rejected, or the task is gone because it ran.
     *
     * Readiness: the selected keys are copied first, since a handler that cancels a key makes the selector select once more. What that
     * selects is told in the next turn.
     *
     * Selector, timers and keys belong to the loop's thread; tasks, waiters and the two flags are for all threads.
     */
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final Waiters waiters = new Waiters();
    private volatile boolean closed;

    private final Selector selector;
    private final List<SelectionKey> ready = new ArrayList<>();
    private final TimerHeap timers = new TimerHeap();
    private final long originNanos = System.nanoTime();
    private final Thread thread;

    private SelectorLoop(String name) throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * Starts a loop.
     *
     * @param name the thread's name
     */
    static SelectorLoop start(String name) {
        try {
            var loop = new SelectorLoop(name);
            loop.thread.start();
            return loop;
        } catch (IOException e) {
            throw new UncheckedIOException("The system gives no selector; are there too many open files?", e);
        }
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (closed) {
            throw rejected();
        }
        tasks.add(task);
        if (closed && tasks.remove(task)) {
            throw rejected();
        }
        wake();
    }

    @Override
    public boolean isOwner() {
        return Thread.currentThread() == thread;
    }

    @Override
    public ChannelReadiness register(SelectableChannel channel, IntConsumer onReady) throws IOException {
        requireOwner();
        Objects.requireNonNull(onReady, "onReady");
        if (channel.keyFor(selector) != null) {
            throw new IOException("This loop watches the channel already");
        }
        return new KeyReadiness(channel.register(selector, 0, onReady));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        requireOwner();
        Objects.requireNonNull(task, "task");
        long now = nowNanos();
        long delay = Math.min(Math.max(0, delayNanos), Long.MAX_VALUE - now);
        return timers.add(now + delay, task);
    }

    @Override
    public boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
        Objects.requireNonNull(done, "done");
        if (isOwner()) {
            throw new IllegalStateException(
                    "The loop, which all links share, may not wait: what it waits for could never happen."
                            + " Wait on another thread, or use the future instead.");
        }
        return waiters.await(done, timeoutNanos);
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }

    private void wake() {
        if (sleeping.get() && !isOwner() && sleeping.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    private void run() {
        try {
            while (!closed) {
                turn();
            }
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                guarded(task);
            }
        } finally {
            end();
        }
    }

    private void turn() {
        // A stray interrupt would keep the selector from sleeping and close the channel of the next read.
        if (Thread.interrupted()) {
            LOG.debug("The loop was interrupted; it ends by close() only");
        }
        select();
        tellReady();
        for (int i = 0; i < TASKS_PER_TURN; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            guarded(task);
        }
        if (timers.untilNext(nowNanos()) == 0) {
            // After a long turn, or a sleep of the machine: what has arrived meanwhile counts before "nothing came in
            // time" does.
            selectNow();
            tellReady();
            timers.takeDue(nowNanos(), this::timer);
        }
        waiters.release();
    }

    private void tellReady() {
        ready.addAll(selector.selectedKeys());
        selector.selectedKeys().clear();
        for (SelectionKey key : ready) {
            guarded(() -> tell(key));
        }
        ready.clear();
    }

    private void selectNow() {
        try {
            selector.selectNow();
        } catch (IOException e) {
            failed(e);
        }
    }

    private static void failed(IOException e) {
        LOG.error("The selector failed; the loop goes on", e);
        LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
    }

    private void select() {
        long nanos = timers.untilNext(nowNanos());
        try {
            sleeping.set(true);
            if (nanos == 0 || closed || !tasks.isEmpty()) {
                selector.selectNow();
            } else {
                // Rounded up, so that the timer is due; zero would be forever.
                selector.select(nanos < 0 ? 0 : nanos / 1_000_000 + 1);
            }
        } catch (IOException e) {
            failed(e);
        } finally {
            sleeping.set(false);
        }
    }

    private static void tell(SelectionKey key) {
        // A handler before this one may have cancelled the key or changed what it is interested in.
        int operations = key.isValid() ? key.readyOps() & key.interestOps() : 0;
        if (operations != 0) {
            ((IntConsumer) key.attachment()).accept(operations);
        }
    }

    private void timer(Runnable task) {
        if (!closed) {
            guarded(task);
        }
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            LOG.error("A task failed on {}; the loop goes on", thread.getName(), e);
        }
    }

    private void end() {
        closed = true;
        for (SelectionKey key : selector.keys()) {
            quietly(key.channel());
        }
        quietly(selector);
        waiters.end();
    }

    private void quietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.debug("Closing {} failed at the end of {}", resource, thread.getName(), e);
        }
    }

    private long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    private void requireOwner() {
        if (!isOwner()) {
            throw new IllegalStateException("Only on " + thread.getName() + ": hand this over with execute()");
        }
    }

    private RejectedExecutionException rejected() {
        return new RejectedExecutionException(thread.getName() + " is closed");
    }

    private final class KeyReadiness implements ChannelReadiness {
        private final SelectionKey key;

        KeyReadiness(SelectionKey key) {
            this.key = key;
        }

        @Override
        public void interest(int operations) {
            requireOwner();
            if (key.isValid()) {
                key.interestOps(operations);
            }
        }

        @Override
        public void cancel() {
            requireOwner();
            if (!key.isValid()) {
                return;
            }
            key.cancel();
            // Until the selector has let go of the channel, closing it only half closes the connection.
            selectNow();
        }
    }
}
