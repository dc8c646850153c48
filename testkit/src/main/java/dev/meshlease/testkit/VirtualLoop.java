package dev.meshlease.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** A loop without a thread: its tasks run on whichever thread steps the timeline. */
final class VirtualLoop implements Loop {
    private final Timeline timeline;
    private final String name;

    @GuardedBy("this")
    private boolean closed;

    VirtualLoop(Timeline timeline, String name) {
        this.timeline = timeline;
        this.name = name;
    }

    @Override
    public synchronized void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException(this + " is closed.");
        }
        timeline.schedule(0, this, task);
    }

    @Override
    public boolean isOwner() {
        return timeline.isRunning(this);
    }

    @Override
    public ChannelReadiness register(SelectableChannel channel, IntConsumer onReady) throws IOException {
        throw new IOException(
                "Virtual time has no sockets. Reach a simulated node by its sim:// endpoint, or use Environment.system().");
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        if (!isOwner()) {
            throw new IllegalStateException(
                    "Timers are set on the loop only: call execute(...) first to get onto " + this + ".");
        }
        return timeline.schedule(delayNanos, this, () -> {
            if (!isClosed()) {
                task.run();
            }
        });
    }

    @Override
    public boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
        return timeline.await(done, timeoutNanos);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public String toString() {
        return "the virtual loop '" + name + "'";
    }
}
