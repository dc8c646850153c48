package dev.meshlease.serial;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes to a port what it is given, each piece in one call, and waits at the end until it has gone out: what the driver still
 * has when a port is closed is lost.
 *
 * <p><b>Threading:</b> {@link #offer}, {@link #finish} and {@link #end} are for the loop. How much is offered is for the loop to bound.
 */
final class PortWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PortWriter.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final OpenPort port;
    private final long drainNanos;
    private final long lingerNanos;
    private final IntConsumer onWritten;
    private final Consumer<@Nullable String> onEnd;
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private boolean finishing;
    private boolean ended;

    /**
     * @param drainNanos how long the driver may take for the last bytes
     * @param lingerNanos how long they may take beyond the driver, which nobody tells of
     * @param onWritten told, on this thread, how many bytes the port has taken
     * @param onEnd told, on this thread, that there will be no more, and why, if that is not as it was asked to
     */
    PortWriter(
            OpenPort port, long drainNanos, long lingerNanos, IntConsumer onWritten, Consumer<@Nullable String> onEnd) {
        this.port = port;
        this.drainNanos = drainNanos;
        this.lingerNanos = lingerNanos;
        this.onWritten = onWritten;
        this.onEnd = onEnd;
    }

    /** One more piece; it is not to be changed any more. */
    synchronized void offer(byte[] piece) {
        queue.add(piece);
        notifyAll();
    }

    /** Ends it once all has gone out. */
    synchronized void finish() {
        finishing = true;
        notifyAll();
    }

    /** Ends it at once; but a write that waits in the port ends with the port only. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public void run() {
        String failure = "the writer was interrupted";
        try {
            failure = write();
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError broken) {
            LOG.debug("The port failed", broken);
            failure = "writing failed: " + broken;
        } finally {
            onEnd.accept(failure);
        }
    }

    private @Nullable String write() throws InterruptedException {
        byte[] next = take();
        while (next != null) {
            int count = port.write(next);
            if (count != next.length) {
                return "it took " + Math.max(0, count) + " of " + next.length + " bytes";
            }
            onWritten.accept(count);
            next = take();
        }
        drain();
        return null;
    }

    private synchronized byte @Nullable [] take() throws InterruptedException {
        while (queue.isEmpty() && !finishing && !ended) {
            wait();
        }
        return ended ? null : queue.poll();
    }

    private void drain() throws InterruptedException {
        long endNanos = System.nanoTime() + drainNanos;
        while (!hasEnded() && port.unsent() > 0 && System.nanoTime() - endNanos < 0) {
            pause(POLL_NANOS);
        }
        pause(lingerNanos);
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    /** Unless it is ended meanwhile. */
    private synchronized void pause(long nanos) throws InterruptedException {
        long endNanos = System.nanoTime() + nanos;
        for (long left = nanos; !ended && left > 0; left = endNanos - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
